"""Engraved maps drawn on the server."""

from initiatives.directory.svgmap.atlas import neighbours
from initiatives.directory.svgmap.circles import Seal
from initiatives.directory.svgmap.maps import EngravedMap, locator_map, region_map, territory_map
from initiatives.directory.svgmap.sheets import SIDE, WIDE

__all__ = ["SIDE", "WIDE", "EngravedMap", "Seal", "locator_map", "neighbours", "region_map", "territory_map"]
