"""What only a browser shows of webhooks and the API's page: the copy button, and scripts under the strict policy."""

from tests.browser.conftest import SignIn
from wevion.accounts.models import Membership


def test_an_owner_adds_a_webhook_and_finds_the_api_documented(sign_in: SignIn, alice: Membership) -> None:
    page = sign_in(alice)
    page.goto("/settings/team/webhooks")
    page.get_by_label("Address", exact=True).fill("https://hooks.example.com/wevion")
    page.get_by_role("button", name="Add the webhook").click()
    assert page.get_by_label("Signing secret").input_value().startswith("whsec_")
    page.get_by_role("button", name="Copy").click()
    page.get_by_text("Copied").wait_for()
    page.get_by_role("link", name="Webhooks").first.click()
    page.get_by_role("link", name="API documentation").click()
    page.locator("#operations-generate-quote .opblock-summary-control").click()
    page.get_by_text("Creates nothing").wait_for()
