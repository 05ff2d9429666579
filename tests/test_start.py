import pytest


@pytest.mark.parametrize("path", ["/", "/search?q=sleep", "/categories", "/guides", "/talk-now", "/components"])
def test_pages_answer(client, path):
    assert client.get(path).status_code == 200
