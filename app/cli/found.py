"""`./dev org create` and `./dev machine create`: the first rows of an installation.

The secret key makes a sign-in whose app metadata says what it may found; the rows are then made
by that sign-in itself, under Row Level Security, with their audit row.
"""

import argparse
import secrets

from app.cli.local import settings_here
from app.cli.paths import Paths
from app.cli.sign_ins import open_sign_ins

_NEEDS = "SUPABASE_SECRET_KEY"


async def create_organisation(options: argparse.Namespace) -> int:
    """Make the organisation and print its coordinator's invitation."""
    settings = settings_here(Paths.read(), _NEEDS)
    secret = secrets.token_urlsafe(18)
    wish = {
        "name": options.name,
        "town": options.town,
        "country": options.country.upper(),
        "time_zone": options.time_zone,
        "person_name": options.coordinator_name,
        "language": options.language,
    }
    async with open_sign_ins(settings) as sign_ins:
        email = options.coordinator_mail
        await sign_ins.create_user(email, secret, {"founds": wish})
        await (await sign_ins.signed_in(email, secret)).rpc("found_organisation")
    print(f"{options.name} in {options.town} exists. The coordinator signs in at")
    print(f"  {settings.origin[0]}/signin")
    print(f"  as      {email}")
    print(f"  secret  {secret}")
    print("Hand it over in person; it is shown only now.")
    return 0


async def create_machine(kind: str) -> int:
    """Make a machine account and print the setting that uses it."""
    settings = settings_here(Paths.read(), _NEEDS)
    async with open_sign_ins(settings) as sign_ins:
        account = await sign_ins.create_machine(kind)
    print(f"HANDRAIL_MACHINE_{kind.upper()}={account}")
    return 0
