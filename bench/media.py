"""Is a picture or a clip known again after what was done to it on its way, and how fast among a million?

python -m bench.media [--json] [--pictures 240] [--clips 30] [--seconds 60] [--hashes 1000000] [--folder DIR]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench import media_folder, media_search, media_seen
from bench.media_figure import Figure


def figures(chosen: argparse.Namespace) -> Iterator[Figure]:
    if chosen.folder:
        yield from media_folder.figures(chosen.folder)
        return
    if chosen.pictures:
        yield from media_seen.of_pictures(chosen.pictures)
    if chosen.hashes:
        yield from media_search.figures(chosen.hashes)
    if chosen.clips:
        yield from media_seen.of_clips(chosen.clips, chosen.seconds)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench.media", description="Know pictures and clips again.")
    parser.add_argument("--json", action="store_true", help="a line of JSON a figure, nothing else")
    parser.add_argument("--pictures", type=int, default=240)
    parser.add_argument("--clips", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=60.0, help="of each clip")
    parser.add_argument("--hashes", type=int, default=1_000_000, help="among which one is sought")
    parser.add_argument("--folder", type=Path, help="somebody else's pictures and clips: see README.md")
    chosen = parser.parse_args(arguments)
    try:
        for figure in figures(chosen):
            print(figure.line if chosen.json else figure.told, flush=True)
    except media_folder.BadFolder as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
