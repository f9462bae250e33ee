"""Renderings of a RunResult: HTML, Excel, CSV, JSON. A renderer computes nothing."""
