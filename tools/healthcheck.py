"""Ask the server of this container whether it is well; exits 1 when it is not."""

import http.client
import os
import sys


def main(port: int = 8000) -> int:
    """Ask as the proxy would, in the name of the first host that is served."""
    host = os.environ.get("DIAPASON_HOSTS", "").split(",")[0].strip().lstrip(".") or "localhost"
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=8)
    try:
        asked.request("GET", "/healthz", headers={"Host": host, "X-Forwarded-Proto": "https"})
        return 0 if asked.getresponse().status == 200 else 1
    except (OSError, http.client.HTTPException):
        return 1
    finally:
        asked.close()


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:2])))
