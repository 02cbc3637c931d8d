"""The wire's parts by themselves: addresses, routes, seconds."""

import ipaddress

import pytest
from scrapy.settings import Settings

from archive.errors import BadSetting
from crawler.wire.addresses import is_public, literal
from crawler.wire.endpoints import read_route
from crawler.wire.seconds import URLS_REMEMBERED, Seconds
from crawler.wire.trust import WirePolicy


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
     "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1",
     "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1"],
)  # fmt: skip
def test_addresses_of_our_own_network_are_not_public(address):
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["1.1.1.1", "202.97.224.68", "2400:3200::1", "::ffff:1.1.1.1"])
def test_addresses_of_the_internet_are_public(address):
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "0x7f.1", "2130706433", "017700000001"])
def test_every_spelling_of_an_address_is_seen(host):
    assert literal(host) == ipaddress.ip_address("127.0.0.1")


@pytest.mark.parametrize("host", ["www.harbin.gov.cn", "localhost", "", "1.2.3.4.cn", "中国.cn"])
def test_a_name_is_no_address(host):
    assert literal(host) is None


def test_a_route_is_read_from_the_settings():
    route = read_route(Settings({"HONGTOU_DIAL": "127.0.0.1:8080"}))
    assert (route.dial, route.allow_private) == (("127.0.0.1", 8080), False)
    assert read_route(Settings({"HONGTOU_DIAL": "[::1]:80"})).dial == ("::1", 80)
    assert read_route(Settings()).dial is None


@pytest.mark.parametrize("dial", ["127.0.0.1", ":80", "host:port", "h:0", "h:70000"])
def test_a_route_that_leads_nowhere_is_refused(dial):
    with pytest.raises(BadSetting, match="HONGTOU_DIAL"):
        read_route(Settings({"HONGTOU_DIAL": dial}))


def test_an_authority_file_that_is_missing_is_refused(tmp_path):
    with pytest.raises(BadSetting, match="no such file"):
        WirePolicy(None, str(tmp_path / "none.pem"))


def test_a_url_waits_for_the_next_second_only_after_its_own():
    now = [100.25]
    seconds = Seconds(lambda: now[0])
    assert seconds.wait("a") == 0
    seconds.used("a")
    assert seconds.wait("a") == 0.75
    assert seconds.wait("b") == 0
    now[0] = 101.0
    assert seconds.wait("a") == 0


def test_a_clock_that_was_set_back_is_not_waited_for():
    now = [100.0]
    seconds = Seconds(lambda: now[0])
    seconds.used("a")
    now[0] = 50.0
    assert seconds.wait("a") == 0


def test_only_so_many_urls_are_remembered():
    seconds = Seconds(lambda: 7.5)
    for number in range(URLS_REMEMBERED + 1):
        seconds.used(str(number))
    assert seconds.wait("0") == 0
    assert seconds.wait("1") == 0.5
