"""What a first visit weighs: every byte that comes over the wire, as served, with nothing kept from before."""

import pytest

KB = 1000
# The lists carry their map, drawn by the server.
BOUNDS = {"/": 150, "/initiatives/": 135, "/initiatives/?territoire=dep-13": 135, "/carte/": 250}


@pytest.mark.parametrize("address", BOUNDS)
def test_a_first_visit_stays_light(visit, address):
    page = visit("about:blank")
    devtools, addresses, received = page.context.new_cdp_session(page), {}, {}

    def note_answer(event):
        addresses[event["requestId"]] = event["response"]["url"]

    def note_weight(event):
        received[addresses[event["requestId"]]] = event["encodedDataLength"]

    devtools.on("Network.responseReceived", note_answer)
    devtools.on("Network.loadingFinished", note_weight)
    devtools.send("Network.enable")
    page.goto(address, wait_until="networkidle")
    # A browser without a window asks for no icon.
    for icon in page.locator("link[rel=icon]").all():
        answer = page.request.get(icon.get_attribute("href"))
        received[answer.url] = int(answer.headers["content-length"])

    weights = sorted(((size, name) for name, size in received.items()), reverse=True)
    told = "".join(f"\n{size / KB:7.1f} KB  {name}" for size, name in weights)
    assert any(name.endswith(".css") for name in received)
    assert any(name.endswith(".woff2") for name in received)
    assert sum(received.values()) <= BOUNDS[address] * KB, f"{sum(received.values()) / KB:.1f} KB:{told}"
