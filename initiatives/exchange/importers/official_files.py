"""The official lists, as they are stored: CSV, some of them compressed."""

import csv
import gzip
import io


def read_rows(path):
    """Each line of a CSV file as a dict of texts."""
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"))))
