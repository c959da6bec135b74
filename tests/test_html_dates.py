"""Times as forum pages print them, in many languages."""

from datetime import UTC, datetime, timedelta

import pytest

from discourse.readers.html_dates import (
    Clock,
    day_comes_first,
    printed_age,
    printed_time,
    stated_offset,
    stated_time,
)


def at(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Sam 02 Sep 2017, 15:40", at(2017, 9, 2, 15, 40)),
        ("Mar 05 Sep 2017, 15:40", at(2017, 9, 5, 15, 40)),
        ("Mar Sep 05, 2017 3:40 pm", at(2017, 9, 5, 15, 40)),
        ("Mer 12 Août 2015, 10:30", at(2015, 8, 12, 10, 30)),
        ("par Jan 2 » 21.01.2009, 05:42", at(2009, 1, 21, 5, 42)),
        ("03.03.2011,\xa014:17", at(2011, 3, 3, 14, 17)),
        ("Juli 30, 2013 um 2:33 pm", at(2013, 7, 30, 14, 33)),
        ("24. März 2016 um 12.42 Uhr", at(2016, 3, 24, 12, 42)),
        ("1er janvier 2015 à 8 h 05 min", at(2015, 1, 1, 8, 5)),
        ("12 de marzo de 2014 a las 3:40 pm", at(2014, 3, 12, 15, 40)),
        ("5 сентября 2017 в 14:20", at(2017, 9, 5, 14, 20)),
        ("5. července 2012 - 9:15", at(2012, 7, 5, 9, 15)),
        ("5. června 2012 - 9:15", at(2012, 6, 5, 9, 15)),
        ("17 listopada 2011 12:15", at(2011, 11, 17, 12, 15)),
        ("3. maaliskuuta 2011", at(2011, 3, 3)),
        ("3. marraskuuta 2011", at(2011, 11, 3)),
        ("2017. szeptember 5. 14:22", at(2017, 9, 5, 14, 22)),
        ("2017年9月5日 下午3:40", at(2017, 9, 5, 15, 40)),
        ("March 3, 2010 at 12:05 am", at(2010, 3, 3, 0, 5)),
        ("12-Apr-2010, 09:11", at(2010, 4, 12, 9, 11)),
        ("31/12/99 23:59", at(1999, 12, 31, 23, 59)),
        ("Tue, 27 Jan 2015 14:56:57 +0100", at(2015, 1, 27, 13, 56, 57)),
        ("Fri Jun 07 2013 10:44:15 GMT+0200", at(2013, 6, 7, 8, 44, 15)),
    ],
)
def test_printed_dates_are_read(text, moment):
    assert printed_time(text) == moment


@pytest.mark.parametrize("text", ["", "Heute, 14:17", "vor 3 Stunden", "31.02.2011, 10:00", "Messages : 175", "12:30"])
def test_what_is_no_full_date_gives_no_time(text):
    assert printed_time(text) is None


def test_clocks_differ_from_utc():
    assert printed_time("03.03.2011, 14:17", Clock(offset=timedelta(hours=2))) == at(2011, 3, 3, 12, 17)
    assert printed_time("03.07.2011, 14:17", Clock(zone="Europe/Berlin")) == at(2011, 7, 3, 12, 17)
    assert printed_time("03/04/2011 14:17", Clock(day_first=False)) == at(2011, 3, 4, 14, 17)
    assert printed_time("13/04/2011 14:17", Clock(day_first=False)) == at(2011, 4, 13, 14, 17)


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2020-09-18T08:56:40-0700", at(2020, 9, 18, 15, 56, 40)),
        ("2020-09-18T08:56:40+02:00", at(2020, 9, 18, 6, 56, 40)),
        ("2020-09-18 08:56", at(2020, 9, 18, 8, 56)),
        ("2020-09-18T08:56:40.123456789Z", datetime(2020, 9, 18, 8, 56, 40, 123456, tzinfo=UTC)),
        ("1600444600", at(2020, 9, 18, 15, 56, 40)),
        ("1600444600123", at(2020, 9, 18, 15, 56, 40)),
        ("0000-00-00 00:00:00", None),
        ("2011-x09-30T22:48:43Z", None),
        ("", None),
        (None, None),
    ],
)
def test_machine_times_are_read(value, moment):
    assert stated_time(value) == moment


def test_ages_stay_as_printed():
    assert printed_age("#3.1 \xa0—\xa0 vor 3 Stunden") == "vor 3 Stunden"
    assert printed_age("par Visiteur » Aujourd’hui, 10:12") == "Aujourd’hui, 10:12"
    assert printed_age("Gestern, 20:15") == "Gestern, 20:15"
    assert printed_age("2 days ago") == "2 days ago"
    assert printed_age("Gehöre zum Inventar") is None


def test_the_order_of_day_and_month_is_seen_from_the_page():
    assert day_comes_first(["03/04/2011", "25/04/2011"])
    assert not day_comes_first(["03/04/2011", "04/25/2011"])
    assert not day_comes_first(["01-02-2008, 10:23 AM"])
    assert not day_comes_first(["Mon, 05/12/2008 - 10:30"])
    assert day_comes_first(["Mon, 12/05/2008 - 10:30"])
    assert not day_comes_first(["03/04/2008"], "en-US")
    assert day_comes_first(["03/04/2008"], "en-GB")


def test_the_page_states_its_clock():
    assert stated_offset("Alle Zeitangaben in WEZ +2. Es ist jetzt 19:04 Uhr.") == timedelta(hours=2)
    assert stated_offset("All times are GMT -5. The time now is 10:33 AM.") == timedelta(hours=-5)
    assert stated_offset("Heures au format UTC + 1 heure [ Heure d’été ]") == timedelta(hours=2)
    assert stated_offset("All times are UTC+05:30") == timedelta(hours=5, minutes=30)
    assert stated_offset("All times are UTC") == timedelta(0)


def test_long_junk_takes_no_time():
    for junk in ("1 " * 100_000, "a" * 100_000, "1.1." * 50_000, "12 " + "a" * 100_000):
        assert printed_time(junk) is None
        assert printed_age(junk) is None
