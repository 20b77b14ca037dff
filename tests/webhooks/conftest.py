from collections.abc import Iterator
from typing import Any

import pytest

from jobs.models import WebhookEndpoint, WebhookEvent
from jobs.webhooks import endpoints
from tests.webhooks.receiver import Receiver, receiving
from wevion.accounts.models import Membership


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    with receiving(settings) as found:
        yield found[0]


@pytest.fixture
def listening(receiver: Receiver, alice: Membership) -> tuple[WebhookEndpoint, str]:
    """An endpoint of alice's team at the receiver, told of everything, and its secret."""
    return endpoints.add(alice, receiver.url, WebhookEvent.values)
