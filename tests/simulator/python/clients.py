"""Microsoft's own Python clients, each asked for one thing. Reads what is wanted from the standard input, as JSON, and
writes what came of it to the standard output. Proxy and certificates come with HTTPS_PROXY and REQUESTS_CA_BUNDLE."""

import json
import sys

import msal
from azure.core.exceptions import HttpResponseError
from azure.identity import ClientSecretCredential, DeviceCodeCredential
from azure.keyvault.secrets import SecretClient

DEVOPS = ["499b84ac-1321-427f-aa17-267ca6975798/.default"]
VAULT = ["https://vault.azure.net/.default"]
LOGIN = "https://login.microsoftonline.com"


def outcome(result):
    """A token, or the refusal as MSAL tells it."""
    if result is None:
        return {"error": "nothing"}
    if "access_token" in result:
        return {"token": result["access_token"], "user": result.get("id_token_claims", {}).get("preferred_username")}
    return {"error": result.get("error"), "codes": result.get("error_codes", [])}


def public_client(wanted):
    return msal.PublicClientApplication(wanted["clientId"], authority=f"{LOGIN}/{wanted['tenant']}")


def by_password(wanted):
    client = public_client(wanted)
    first = client.acquire_token_by_username_password(wanted["username"], wanted["password"], scopes=DEVOPS)
    accounts = client.get_accounts()
    silent = client.acquire_token_silent(VAULT, account=accounts[0]) if accounts else None
    return {"first": outcome(first), "vault": outcome(silent)}


def by_device_code(wanted):
    client = public_client(wanted)
    flow = client.initiate_device_flow(scopes=DEVOPS)
    if "user_code" not in flow:
        return {"first": outcome(flow)}
    return {"first": outcome(client.acquire_token_by_device_flow(flow))}


def by_client_secret(wanted):
    authority = f"{LOGIN}/{wanted['tenant']}"
    client = msal.ConfidentialClientApplication(wanted["clientId"], wanted["secret"], authority=authority)
    return {"first": outcome(client.acquire_token_for_client(scopes=wanted.get("scopes", VAULT)))}


def vault_credential(wanted):
    if "secret" in wanted:
        return ClientSecretCredential(wanted["tenant"], wanted["clientId"], wanted["secret"])
    return DeviceCodeCredential(wanted["clientId"], tenant_id=wanted["tenant"], prompt_callback=lambda *_: None)


def in_vault(wanted):
    """Sets a secret twice, reads it with and without a version, lists its versions, disables the first."""
    client = SecretClient(wanted["vault"], vault_credential(wanted))
    name = wanted["name"]
    try:
        first = client.set_secret(name, "first value", tags={"owner": "team"}, content_type="text/plain")
        second = client.set_secret(name, "second value")
        client.update_secret_properties(name, first.properties.version, enabled=False)
        versions = list(client.list_properties_of_secret_versions(name))
        return {
            "newest": client.get_secret(name).value,
            "second": client.get_secret(name, second.properties.version).value,
            "versions": sorted([v.enabled, v.content_type, v.tags] for v in versions),
            "names": [each.name for each in client.list_properties_of_secrets()],
        }
    except HttpResponseError as error:
        inner = error.error.innererror if error.error else None
        return {"status": error.status_code, "inner": inner and inner.get("code")}


WAYS = {
    "password": by_password,
    "device code": by_device_code,
    "client secret": by_client_secret,
    "vault": in_vault,
}

request = json.load(sys.stdin)
json.dump(WAYS[request["way"]](request), sys.stdout)
