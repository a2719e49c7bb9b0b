"""Opening a young person's page to protect them: two people, a reason, one hour."""
