#!/usr/bin/python3
"""Asks dateutil and libical for recurrence sets: random rules, one or two, with
dates added and taken away. Writes sets.tsv: content lines with "|" between them,
and the first occurrences, where both agree.

  ./sets.py 3852 400
"""
import random
import sys
from datetime import datetime, timedelta

import oracles
from dateutil.rrule import rruleset, rrulestr
from gi.repository import ICalGLib as ical

FORM = "%Y%m%dT%H%M%S"
KEEP = 15


def ask_dateutil(text, _):
    s, start = rruleset(), None
    for line in text.split("|"):
        name, value = line.split(":")
        if name == "DTSTART":
            start = datetime.strptime(value, FORM)
            s.rdate(start)  # the start belongs to the set
        elif name == "RRULE":
            s.rrule(rrulestr(value, dtstart=start))
        else:
            for v in value.split(","):
                (s.rdate if name == "RDATE" else s.exdate)(datetime.strptime(v, FORM))
    out = []
    for t in s:
        out.append(t.strftime(FORM))
        if len(out) == KEEP:
            break
    return out


def ask_libical(text, _):
    event = ical.Component.new_from_string("BEGIN:VEVENT\r\n" + text.replace("|", "\r\n") + "\r\nEND:VEVENT\r\n")
    out = []
    begin, end = ical.Time.new_from_string("19000101T000000"), ical.Time.new_from_string("20370101T000000")

    def found(_component, span, *_data):
        out.append(datetime.utcfromtimestamp(span.get_start()).strftime(FORM))

    event.foreach_recurrence(begin, end, found, None)
    return sorted(set(out))[:KEEP]


def random_set(rng):
    start = datetime(rng.randint(1990, 2020), rng.randint(1, 12), rng.randint(1, 28), rng.randint(0, 23), rng.choice([0, 15, 30]))
    rules = []
    for _ in range(rng.choice([1, 1, 2])):
        freq = rng.choice(["DAILY", "WEEKLY", "MONTHLY", "YEARLY", "HOURLY"])
        rule = f"FREQ={freq};INTERVAL={rng.randint(1, 5)};COUNT={rng.randint(3, 12)}"
        if freq in ("WEEKLY", "MONTHLY") and rng.random() < 0.7:
            rule += ";BYDAY=" + ",".join(rng.sample(oracles.DAYS, rng.randint(1, 3)))
        rules.append(rule)
    there = [t for r in rules for t in rrulestr(r, dtstart=start)]
    near = lambda: start + timedelta(days=rng.randint(-40, 200), hours=rng.randint(0, 23))  # noqa: E731
    pick = lambda n: sorted({rng.choice(there) if rng.random() < 0.6 else near() for _ in range(rng.randint(1, n))})  # noqa: E731
    lines = ["DTSTART:" + start.strftime(FORM)] + ["RRULE:" + r for r in rules]
    if rng.random() < 0.7:
        lines.append("RDATE:" + ",".join(t.strftime(FORM) for t in pick(5)))
    if rng.random() < 0.8:
        lines.append("EXDATE:" + ",".join(t.strftime(FORM) for t in pick(5)))
    return "|".join(lines)


def main():
    rng = random.Random(int(sys.argv[1]))
    same = 0
    with open("sets.tsv", "w") as f:
        for _ in range(int(sys.argv[2])):
            text = random_set(rng)
            a, b = oracles.apart(ask_dateutil, text, "", 2), oracles.apart(ask_libical, text, "", 2)
            if a == b and a and a[0] != "!":
                print(text, a, sep="\t", file=f)
                same += 1
            elif len(sys.argv) > 3:
                print(text, a, b, sep="\n  ")
    print(same, "agree")


if __name__ == "__main__":
    main()
