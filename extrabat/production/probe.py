"""Is this part of the program alive? Asked by the container's health check: python -m extrabat.production.probe web

`web` answers and reaches the database; `worker` and `beat` left a sign of life lately. Nothing of Django is loaded,
as the question is put every half minute.
"""

import http.client
import json
import os
import sys
import time

# As extrabat.health, which writes them.
SILENT_AFTER_S = 35


def web(port: int) -> str:
    """What is wrong, or nothing."""
    talk = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        host = os.environ["ALLOWED_HOSTS"].split(",")[0].strip()
        talk.request("GET", "/sante/", headers={"Host": host, "Connection": "close"})
        body = json.loads(talk.getresponse().read())
        # A dead worker is not the web server's illness: starting it again would mend nothing.
        return "" if body["database"]["ok"] else "the database does not answer"
    except (OSError, http.client.HTTPException, ValueError, KeyError) as error:
        return f"the web server does not answer ({type(error).__name__})"
    finally:
        talk.close()


def heart(who: str) -> str:
    """What is wrong with the worker or beat, or nothing."""
    import redis

    try:
        beat = redis.Redis.from_url(os.environ["REDIS_URL"], socket_timeout=2).get(f"extrabat:alive:{who}")
    except redis.RedisError as error:
        return f"the broker does not answer ({type(error).__name__})"
    if beat is None:
        return f"{who} never gave a sign of life"
    age = time.time() - float(str(beat, "ascii") if isinstance(beat, bytes) else str(beat))
    return "" if age < SILENT_AFTER_S else f"{who} has been silent for {age:.0f} s"


def main(arguments: list[str]) -> str:
    match arguments:
        case ["web"]:
            return web(8000)
        case ["web", port]:
            return web(int(port))
        case ["worker" | "beat" as who]:
            return heart(who)
    return "say which: web, worker or beat"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]) or 0)
