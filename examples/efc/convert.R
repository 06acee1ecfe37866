# Write the public survey "efc" (R package sjmisc) as a file for `flask responses import`.
#
#   Rscript examples/efc/convert.R efc.csv
#
# Base R and the data of sjmisc only. The survey has no territory and no weight. Stand-ins:
# three fictitious territories of nearly equal size, drawn at random with a fixed seed, and the
# weight 1. A missing value becomes an empty cell: the survey does not say why it is missing.

path <- commandArgs(trailingOnly = TRUE)
if (length(path) != 1) stop("usage: Rscript convert.R FILE.csv", call. = FALSE)
if (!nzchar(system.file(package = "sjmisc"))) {
  stop("The R package sjmisc is not installed (Debian: apt-get install r-cran-sjmisc; ",
       "elsewhere: install.packages(\"sjmisc\")).", call. = FALSE)
}
utils::data("efc", package = "sjmisc", envir = environment())

items <- c("c160age", "c161sex", "c172code", "c175empl", "e15relat", "e17age", "e42dep",
           "barthtot", "c12hour", "tot_sc_e",
           "c82cop1", "c83cop2", "c84cop3", "c85cop4", "c86cop5", "c87cop6", "c88cop7",
           "c89cop8", "c90cop9")
absent <- setdiff(items, names(efc))
if (length(absent)) {
  stop("This version of sjmisc has no ", paste(absent, collapse = ", "), ".", call. = FALSE)
}

n <- nrow(efc)
set.seed(2026, kind = "Mersenne-Twister", normal.kind = "Inversion", sample.kind = "Rejection")
territory <- sample(rep(c("A", "B", "C"), length.out = n))

answers <- as.data.frame(lapply(efc[items], as.integer))  # codes, ages, hours: all whole numbers
out <- data.frame(reference = sprintf("efc-%03d", seq_len(n)), territory = territory,
                  audience = "family", weight = 1, answers)
write.csv(out, path, row.names = FALSE, quote = FALSE, na = "", fileEncoding = "UTF-8")
counts <- table(territory)
cat(n, " responses, ", length(items), " items: ",
    paste(names(counts), counts, collapse = ", "), "\n", sep = "")
