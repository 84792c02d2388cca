#!/usr/bin/python3
"""Asks two independent expanders of recurrence rules, python3-dateutil and
libical (through GObject introspection), for the first instances of random
rules, and writes what they say.

  apt-get install python3-dateutil python3-gi gir1.2-ical-3.0
  ./oracles.py 5545 5200                # seed, how many: agreed.tsv, differing.tsv
  ./oracles.py 8601 1500 weeks          # with BYWEEKNO and BYDAY in each: *-weeks.tsv
  ./oracles.py 4711 1500 positions      # and with BYSETPOS: *-positions.tsv
  ./oracles.py --ask <rules.tsv         # rule <tab> start: both answers, to look at

agreed.tsv:    rule, start, instances: both gave the same, and at least one
differing.tsv: rule, start, dateutil's instances, libical's instances
"""
import os
import random
import signal
import sys
import warnings
from datetime import datetime

import gi

gi.require_version("ICalGLib", "3.0")
from gi.repository import ICalGLib as ical  # noqa: E402
from dateutil.rrule import rrulestr  # noqa: E402

KEEP = 10  # instances of each rule
DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
warnings.simplefilter("ignore")


def apart(ask, rule, start, seconds=3):
    """Runs ask in a child, because either oracle may search without end."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(seconds)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        try:
            answer = " ".join(ask(rule, start))
        except Exception as e:  # noqa: BLE001
            answer = "! " + type(e).__name__
        os.write(writer, answer.encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as f:
        answer = f.read().decode()
    _, status = os.waitpid(child, 0)
    return "! no answer" if status else answer


def ask_dateutil(rule, start):
    form = "%Y%m%d" if len(start) == 8 else "%Y%m%dT%H%M%S"
    out = []
    for t in rrulestr(rule, dtstart=datetime.strptime(start, form)):
        out.append(t.strftime("%Y").rjust(4, "0") + t.strftime(form[2:]))
        if len(out) == KEEP:
            break
    return out


def ask_libical(rule, start):
    it = ical.RecurIterator.new(ical.Recurrence.new_from_string(rule), ical.Time.new_from_string(start))
    out = []
    while len(out) < KEEP:
        t = it.next()
        if t is None or t.is_null_time():
            break
        out.append(t.as_ical_string())
    return out


def some(rng, values, most):
    return sorted(rng.sample(list(values), rng.randint(1, most)))


def signed(rng, top, most, near):
    """Values near both ends are the interesting ones."""
    pool = set()
    while len(pool) < rng.randint(1, most):
        n = rng.randint(1, near) if rng.random() < 0.4 else rng.randint(1, top)
        if rng.random() < 0.3:
            n = top + 1 - n
        pool.add(n if rng.random() < 0.6 else -n)
    pool = list(pool)
    rng.shuffle(pool)
    return pool


def random_weeks(rng):
    start = datetime(rng.randint(1970, 2060), rng.choice([1, 1, 6, 12, 12]), rng.randint(1, 31 if rng.random() < 0.6 else 28) % 30 + 1, 9, 0, 0)
    weeks = signed(rng, 53, 4, 2)
    parts = [f"FREQ=YEARLY;BYWEEKNO={','.join(map(str, weeks))};BYDAY={','.join(rng.sample(DAYS, rng.randint(1, 4)))}"]
    if rng.random() < 0.6:
        parts.append("WKST=" + rng.choice(DAYS))
    if rng.random() < 0.3:
        parts.append(f"INTERVAL={rng.randint(2, 5)}")
    if rng.random() < 0.2:
        parts.append("BYMONTH=" + ",".join(map(str, some(rng, range(1, 13), 6))))
    return ";".join(parts), start.strftime("%Y%m%dT%H%M%S")


def random_positions(rng):
    rule, start = random_weeks(rng)
    if "INTERVAL" in rule and rng.random() < 0.5:
        rule = ";".join(p for p in rule.split(";") if not p.startswith("INTERVAL"))
    return rule + ";BYSETPOS=" + ",".join(map(str, signed(rng, 10, 3, 2))), start


def random_rule(rng):
    freq = rng.choice(["SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY", "MONTHLY", "YEARLY"])
    start = datetime(rng.randint(1970, 2060), rng.randint(1, 12), rng.randint(1, 28), rng.randint(0, 23), rng.randint(0, 59), rng.randint(0, 59))
    if rng.random() < 0.15:
        start = start.replace(month=rng.choice([1, 12]), day=rng.choice([1, 2, 3, 29, 30, 31]))
    short = freq in ("SECONDLY", "MINUTELY", "HOURLY")
    date = not short and rng.random() < 0.2
    parts = {"FREQ": freq}
    if rng.random() < 0.45:
        parts["INTERVAL"] = rng.choice([2, 3, 4, 5, 6, 7, 10, 12, 13, 15, 18, 20, 24, 25, 30, 45, 60, 90, 97, 100])
        if freq == "YEARLY":
            parts["INTERVAL"] = rng.randint(2, 7)
    chance = lambda p: rng.random() < p  # noqa: E731
    if chance(0.35):
        parts["BYMONTH"] = some(rng, range(1, 13), 4)
    if freq == "YEARLY" and chance(0.25):
        parts["BYWEEKNO"] = signed(rng, 53, 4, 2)
    if freq in ("YEARLY", "SECONDLY", "MINUTELY", "HOURLY") and chance(0.25):
        parts["BYYEARDAY"] = signed(rng, 366, 8, 40)
    if freq != "WEEKLY" and chance(0.3):
        parts["BYMONTHDAY"] = signed(rng, 31, 6, 4)
    if chance(0.4):
        days = rng.sample(DAYS, rng.randint(1, 5))
        if freq == "MONTHLY" and chance(0.5):
            days = [f"{rng.choice([1, 2, 3, 4, 5, -1, -2, -5])}{d}" for d in days]
        elif freq == "YEARLY" and "BYWEEKNO" not in parts and chance(0.5):
            top = 5 if "BYMONTH" in parts else 53
            days = [f"{signed(rng, top, 1, 3)[0]}{d}" for d in days]
        parts["BYDAY"] = days
    if not date:
        if chance(0.3):
            parts["BYHOUR"] = some(rng, range(24), 4)
        if chance(0.3):
            parts["BYMINUTE"] = some(rng, range(60), 4)
        if chance(0.3):
            parts["BYSECOND"] = some(rng, range(60), 4)
    if len(parts) > 2 and any(k.startswith("BY") for k in parts) and chance(0.25):
        parts["BYSETPOS"] = signed(rng, 366, 3, 4) if chance(0.1) else signed(rng, 6, 3, 2)
    if chance(0.3):
        parts["WKST"] = rng.choice(DAYS)
    if chance(0.3):
        parts["COUNT"] = rng.randint(1, 11)
    elif chance(0.2):
        end = start.replace(year=start.year + (0 if short else rng.randint(1, 6)))
        end = end.replace(day=28) if short else end
        parts["UNTIL"] = end.strftime("%Y%m%d" if date else "%Y%m%dT%H%M%S")
    names = list(parts)
    rng.shuffle(names)
    text = ";".join(f"{n}={','.join(map(str, v)) if isinstance(v, list) else v}" for n in names for v in [parts[n]])
    return text, start.strftime("%Y%m%d" if date else "%Y%m%dT%H%M%S")


def main():
    if sys.argv[1] == "--ask":
        for line in sys.stdin:
            rule, start = line.rstrip("\n").split("\t")[:2]
            print(rule, start, apart(ask_dateutil, rule, start), apart(ask_libical, rule, start), sep="\t", flush=True)
        return
    rng = random.Random(int(sys.argv[1]))
    make = {"": random_rule, "weeks": random_weeks, "positions": random_positions}
    kind = sys.argv[3] if len(sys.argv) > 3 else ""
    make, kind = make[kind], kind and "-" + kind
    with open(f"agreed{kind}.tsv", "w") as agreed, open(f"differing{kind}.tsv", "w") as differing:
        for _ in range(int(sys.argv[2])):
            rule, start = make(rng)
            a = apart(ask_dateutil, rule, start, 1)
            b = apart(ask_libical, rule, start, 1)
            if a == b and a and a[0] != "!":
                print(rule, start, a, sep="\t", file=agreed)
            elif a != b:
                print(rule, start, a, b, sep="\t", file=differing)


if __name__ == "__main__":
    main()
