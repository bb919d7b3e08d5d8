"""Measurements by program and number of stacks."""

from bench.measure import Measurement

ONE, HALF, MANY = 1, 150, 300

OURS = "this library"
STOCK = "stock import"
TERRAIN = "this library, CDK Terrain"
NODE_PACKAGE = "Node, whole package"
NODE_MODULES = "Node, by module"

Results = dict[tuple[str, int], Measurement]
