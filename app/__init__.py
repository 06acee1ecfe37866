"""Covalue: survey and evaluation service for programmes run in many territories.

The map of the house, top floor first (arrows point downward only):

    web, api, cli         edges: Flask pages, JSON, commands and the worker
    workflows             acts: one function = one permission = one audit entry = one transaction
    storage               tables beside their queries, the columnar extract, jobs
    definitions, interchange, print, protection   files in and out, PDF, secrets
    evaluation            numbers out of answers: numpy, scipy, Polars
    domain                what things are, and the rules about them: standard library only
"""

import os

# Our matrices are small: a second thread only waits for the first, and where the machine is busy
# the two hold each other up (a release took up to eight times as long). Read when numpy is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
