"""Covalue: survey and evaluation service for programmes run in many territories.

The map of the house, top floor first (arrows point downward only):

    web, api, cli         edges: Flask pages, JSON, commands and the worker
    workflows             acts: one function = one permission = one audit entry = one transaction
    storage               tables beside their queries, the columnar extract, jobs
    definitions, interchange, print, protection   files in and out, PDF, secrets
    evaluation            numbers out of answers: numpy, scipy, Polars
    domain                what things are, and the rules about them: standard library only
"""
