import pytest

from notifications.hooks.target import is_inner, means_itself, origins, target_of


def test_a_host_alone_is_https():
    hosts = ["gw.example.lg.jp", "gw.example.lg.jp:8443", "http://intra.example.lg.jp:8080"]
    assert origins(hosts) == {
        ("https", "gw.example.lg.jp", 443),
        ("https", "gw.example.lg.jp", 8443),
        ("http", "intra.example.lg.jp", 8080),
    }


def test_the_port_and_the_case_do_not_matter_where_they_say_nothing():
    assert target_of("https://GW.example.lg.jp:443/a").origin in origins(["gw.example.lg.jp"])


def test_an_address_of_ipv6():
    target = target_of("http://[::1]:8080")
    assert (target.host, target.port, target.netloc, target.path) == (
        "::1",
        8080,
        "[::1]:8080",
        "/",
    )


@pytest.mark.parametrize(
    "url",
    ["", "gw", "ftp://gw/", "https://", "https://gw:port/", "https://gw:99999/", "https://市役所/"],
)
def test_no_address(url):
    with pytest.raises(ValueError):  # noqa: PT011
        target_of(url)


@pytest.mark.parametrize(
    "host, itself",
    [("10.0.0.1", True), ("::1", True), ("localhost", True), ("gw.example.lg.jp", False)],
)
def test_what_is_no_name_leads_nowhere_else(host, itself):
    assert means_itself(host) == itself


@pytest.mark.parametrize(
    "address", ["10.1.2.3", "172.16.0.1", "192.168.0.1", "fd00::1", "2001:db8::1"]
)
def test_a_city_has_its_other_systems_on_private_addresses(address):
    assert not is_inner(address)
