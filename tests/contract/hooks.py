"""What Schemathesis needs to know of Regulars: how to sign in, and the ids of records that exist.

Made-up ids reach little but "not found". So half of the paths get the id of a record that the signed-in person may see,
but for records on which the run itself stands: people, roles, sessions, the second step.
"""

import os
import random
import uuid

import requests
import schemathesis

URL = os.environ["REGULARS_URL"]
STANDING = ("users", "roles", "units", "departments")
KEPT = (*STANDING, "sessions", "me", "auth")
known: dict[str, list[str]] = {}
choice = random.Random(1)
token: str | None = None


@schemathesis.auth(refresh_interval=300)
class SignIn:
    def get(self, case, context):
        global token
        login = {"login": os.environ["REGULARS_LOGIN"], "password": os.environ["REGULARS_PASSWORD"], "client": "device"}
        answer = requests.post(f"{URL}/api/v1/auth/sessions", json=login, timeout=30)
        answer.raise_for_status()
        token = answer.json()["access_token"]
        return token

    def set(self, case, data, context):
        case.headers = case.headers or {}
        case.headers["Authorization"] = f"Bearer {data}"


def ids(collection: str) -> list[str]:
    """Ids of records of a list, asked for once."""
    if collection not in known and token:
        whole = {"limit": 200} if collection.rsplit("/", 1)[-1] in STANDING else {}
        answer = requests.get(URL + collection, params=whole, headers={"Authorization": f"Bearer {token}"}, timeout=30)
        body = answer.json() if answer.ok else {}
        items = body.get("items", []) if isinstance(body, dict) else body
        known[collection] = [item["id"] for item in items if isinstance(item, dict) and "id" in item]
    return known.get(collection, [])


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    path = context.operation.path
    if path_parameters and "id" in path_parameters and choice.random() < 0.5:
        collection = path.split("/{id}")[0]
        if collection.rsplit("/", 1)[-1] not in KEPT and ids(collection):
            path_parameters["id"] = choice.choice(ids(collection))
    return path_parameters


@schemathesis.hook
def before_call(context, case, kwargs):
    """Ids that an answer told are asked for too: whoever and whatever the run stands on is looked at, not changed."""
    path, parameters = context.operation.path, case.path_parameters
    collection = "/".join(path.split("/")[:4])
    if case.method != "GET" and "/{id}" in path and collection.rsplit("/", 1)[-1] in STANDING:
        if str(parameters["id"]) in ids(collection):
            parameters["id"] = str(uuid.uuid4())
