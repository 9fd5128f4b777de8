"""What processes hold in memory, as Linux counts it; elsewhere nothing is said."""

from pathlib import Path

NAMES = {"Rss": "rss", "Pss": "pss", "Private_Dirty": "own"}


def memory(process="self") -> dict | None:
    """Megabytes: ``rss``, all of it; ``pss``, what is shared counted in parts; ``own``, shared with none."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    except OSError:
        return None
    read = {name: int(value.split()[0]) / 1024 for name, _, value in (line.partition(":") for line in lines)}
    return {ours: read[theirs] for theirs, ours in NAMES.items()}


def children(process) -> list[int]:
    """The processes that this one started."""
    try:
        return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except OSError:
        return []


def processor_time(process) -> int:
    """Ticks of processor that it has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
