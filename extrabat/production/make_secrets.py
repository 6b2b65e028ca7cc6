"""Make the secrets of a new installation, once: python3 -m extrabat.production.make_secrets .data/secrets

Plain Python: nothing needs to be installed. Files that exist are left as they are. They are readable for every account
inside a folder that only yours may enter, because the containers' accounts are not yours.
"""

import base64
import os
import secrets
import sys
from pathlib import Path


def texts() -> dict[str, str]:
    """Fresh secrets by the name of their file; the addresses hold the roles' passwords."""
    owner, app = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    return {
        "secret_key": secrets.token_urlsafe(50),
        # One that nobody ever signed with, as an empty file is refused: the former key comes here when it is changed.
        "secret_key_fallbacks": secrets.token_urlsafe(50),
        "field_keys": f"k1:{base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}",
        "seal_keys": f"k1:{secrets.token_urlsafe(32)}",
        "postgres_password": secrets.token_urlsafe(32),
        "owner_password": owner,
        "app_password": app,
        "database_url": f"postgresql://extrabat_app:{app}@postgres:5432/extrabat",
        "database_owner_url": f"postgresql://extrabat_owner:{owner}@postgres:5432/extrabat",
    }


def make(folder: Path) -> list[str]:
    """Write those that are missing, all or none of the database's; returns the names of the written."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    database = {"owner_password", "app_password", "database_url", "database_owner_url"}
    if 0 < sum((folder / name).exists() for name in database) < len(database):
        sys.exit(f"{folder} holds some of {', '.join(sorted(database))} and not all: they belong together")
    written = []
    for name, text in texts().items():
        try:
            handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o444)
        except FileExistsError:
            continue
        with os.fdopen(handle, "w") as file:
            file.write(f"{text}\n")
        (folder / name).chmod(0o444)
        written.append(name)
    return written


if __name__ == "__main__":
    where = Path(sys.argv[1] if len(sys.argv) > 1 else ".data/secrets")
    made = make(where)
    sys.stdout.write(f"{where}: {', '.join(made) if made else 'all were there already'}\n")
