"""Shapes, cells, place names and country packs: pure Python, no Django."""
