#!/usr/bin/env python3
"""Checks an exported journal without Kith: kith journal export --config DIR | tests/verify_journal.py

Written from the published format alone (README, "The journal"): it shows that another program can verify the chain.
"""
import hashlib
import json
import sys

previous = "0" * 64
count = 0
for line in sys.stdin:
    entry = json.loads(line)
    count += 1
    framed = f"kith-journal-1\n{count}\n{previous}\n{entry['text']}"
    if entry["number"] != count or hashlib.sha256(framed.encode()).hexdigest() != entry["hash"]:
        print(f"broken at entry {count}")
        sys.exit(1)
    json.loads(entry["text"])
    previous = entry["hash"]
print(f"intact: {count} entries, head {previous}")
