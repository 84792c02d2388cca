#!/usr/bin/python3
"""Asks dateutil and libical for recurrence sets in zones, around the nights in
which their clocks change: a rule with COUNT, UNTIL in UTC or in local time, dates
added in UTC, dates taken away in local time or UTC. Writes zones.tsv: content
lines with "|" between them, and the first occurrences in UTC, where both agree.

  ./zones.py 20261122 1200
"""
import random
import sys
from datetime import datetime, timedelta

from dateutil import tz
from dateutil.rrule import rrulestr
from oracles import DAYS, apart
from gi.repository import ICalGLib as ical

FORM = "%Y%m%dT%H%M%S"
KEEP = 20
CHANGES = {  # one night with a gap and one with a fold
    "Europe/Berlin": [(2019, 3, 31), (2019, 10, 27)],
    "America/New_York": [(2018, 3, 11), (2018, 11, 4)],
    "Australia/Lord_Howe": [(2019, 10, 6), (2019, 4, 7)],
    "Africa/Casablanca": [(2016, 3, 27), (2016, 10, 30)],
    "America/Sao_Paulo": [(2017, 10, 15), (2018, 2, 18)],
    "Asia/Tehran": [(2019, 3, 22), (2019, 9, 22)],
    "Asia/Bishkek": [(2005, 3, 27), (2004, 10, 31)],
    "Pacific/Auckland": [(2019, 9, 29), (2019, 4, 7)],
}


def utc(local, zone):
    """A reading that the zone skips moves on by the gap; of two the first."""
    return tz.resolve_imaginary(local.replace(tzinfo=zone)).astimezone(tz.UTC)


def parse(value, zone):
    if value.endswith("Z"):
        return datetime.strptime(value[:-1], FORM).replace(tzinfo=tz.UTC)
    return utc(datetime.strptime(value, FORM), zone)


def ask_dateutil(text, _):
    zone, start, rules, added, removed = None, None, [], [], []
    for line in text.split("|"):
        head, value = line.split(":", 1)
        name = head.split(";")[0]
        if name == "DTSTART":
            zone = tz.gettz(head.split("TZID=")[1])
            start = datetime.strptime(value, FORM)
        elif name == "RRULE":
            rules.append(value)
        else:
            (added if name == "RDATE" else removed).extend(value.split(","))
    there = {utc(start, zone)}
    for rule in rules:
        parts = rule.split(";")
        until = [parse(p[6:], zone) for p in parts if p.startswith("UNTIL=")]
        plain = ";".join(p for p in parts if not p.startswith("UNTIL="))
        for local in rrulestr(plain, dtstart=start):
            at = utc(local, zone)
            if local.year > 2036 or until and at > until[0] + timedelta(days=2) or len(there) > 400:
                break
            if not until or at <= until[0]:
                there.add(at)
    there |= {parse(v, zone) for v in added}
    there -= {parse(v, zone) for v in removed}
    return [at.strftime(FORM) for at in sorted(there)][:KEEP]


def ask_libical(text, _):
    lines = text.replace("|", "\r\n") + "\r\nDURATION:PT1H"
    event = ical.Component.new_from_string("BEGIN:VEVENT\r\n" + lines + "\r\nEND:VEVENT\r\n")
    out = []

    def found(_component, span, *_data):
        out.append(datetime.utcfromtimestamp(span.get_start()).strftime(FORM))

    begin, end = ical.Time.new_from_string("19600101T000000"), ical.Time.new_from_string("20300101T000000")
    event.foreach_recurrence(begin, end, found, None)
    return sorted(set(out))[:KEEP]


def random_set(rng):
    name = rng.choice(list(CHANGES))
    night = datetime(*rng.choice(CHANGES[name]))
    freq = rng.choice(["HOURLY", "MINUTELY", "DAILY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"])
    hour, minute = rng.choice([0, 0, 1, 1, 2, 2, 3, 4, 9, 23]), rng.choice([0, 15, 30, 45])
    back = {"HOURLY": 1, "MINUTELY": 0, "DAILY": rng.randint(0, 8), "WEEKLY": 7 * rng.randint(0, 3) + rng.choice([0, 0, 1]),
            "MONTHLY": rng.choice([28, 31, 0, 0, 30]), "YEARLY": rng.choice([0, 365, 366])}[freq]
    start = (night - timedelta(days=back)).replace(hour=hour, minute=minute)
    interval = {"HOURLY": rng.randint(1, 7), "MINUTELY": rng.choice([15, 20, 30, 45, 90, 7]), "DAILY": rng.randint(1, 3),
                "WEEKLY": rng.randint(1, 2), "MONTHLY": 1, "YEARLY": 1}[freq]
    rule = f"FREQ={freq};INTERVAL={interval}"
    if freq in ("DAILY", "WEEKLY") and rng.random() < 0.3:
        rule += ";BYHOUR=" + ",".join(map(str, sorted({hour, *rng.sample(range(5), 2)})))
    if freq == "DAILY" and rng.random() < 0.2:
        rule += ";BYMINUTE=" + ",".join(map(str, sorted({minute, 0, 30})))
    if freq == "WEEKLY" and rng.random() < 0.6:
        rule += ";BYDAY=" + ",".join(sorted({DAYS[start.weekday()], *rng.sample(DAYS, 2)})) + ";WKST=" + rng.choice(DAYS)
    if freq == "MONTHLY" and rng.random() < 0.5:
        rule += ";BYDAY=" + rng.choice(["-1SU", "1SU", "2SU", "-1SU,1SU"])
    span = {"HOURLY": 4, "MINUTELY": 2, "DAILY": 20, "WEEKLY": 60, "MONTHLY": 400, "YEARLY": 2000}[freq]
    end = rng.random()
    if end < 0.4:
        rule += f";COUNT={rng.randint(3, 14)}"
    elif end < 0.8:
        until = start + timedelta(days=rng.randint(1, span), hours=rng.randint(0, 23))
        rule += ";UNTIL=" + until.strftime(FORM) + ("Z" if rng.random() < 0.7 else "")
    lines = [f"DTSTART;TZID={name}:" + start.strftime(FORM), "RRULE:" + rule]
    zone = tz.gettz(name)

    def some(n):
        near = lambda: start + timedelta(days=rng.randint(0, 10))  # noqa: E731
        there = lambda: night.replace(hour=rng.randint(0, 4), minute=rng.choice([0, 30]))  # noqa: E731
        return sorted({near() if rng.random() < 0.7 else there() for _ in range(n)})

    for part, chance in (("RDATE", 0.4), ("EXDATE", 0.5)):
        if rng.random() < chance:
            if part == "EXDATE" and rng.random() < 0.5:
                lines.append(f"{part};TZID={name}:" + ",".join(t.strftime(FORM) for t in some(rng.randint(1, 3))))
            else:
                lines.append(f"{part}:" + ",".join(utc(t, zone).strftime(FORM) + "Z" for t in some(rng.randint(1, 3))))
    return "|".join(lines)


def main():
    rng = random.Random(int(sys.argv[1]))
    with open("zones.tsv", "w") as f:
        for _ in range(int(sys.argv[2])):
            text = random_set(rng)
            a, b = apart(ask_dateutil, text, "", 3), apart(ask_libical, text, "", 3)
            if a == b and a and a[0] != "!":
                print(text, a, sep="\t", file=f)


if __name__ == "__main__":
    main()
