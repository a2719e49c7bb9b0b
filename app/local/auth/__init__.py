"""The part of Supabase Auth that the local Supabase speaks; all else answers 501."""
