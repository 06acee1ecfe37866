# What R itself computes from the survey "efc": one line a figure, "territory code value".
# Usage: Rscript efc_oracle.R FILE.csv, where FILE.csv says who was put into which territory.
utils::data("efc", package = "sjmisc", envir = environment())
place <- utils::read.csv(commandArgs(trailingOnly = TRUE))$territory

often <- function(x) 100 * (x >= 3)
scaled <- function(x) 100 * (x - 1) / 3
some <- function(x) ifelse(rowSums(!is.na(x)) >= 2, rowMeans(x, na.rm = TRUE), NA) # half of four
four <- efc[c("c84cop3", "c85cop4", "c86cop5", "c87cop6")]

people <- list(
  POS1 = often(efc$c82cop1), POS2 = often(efc$c90cop9), BUR1 = often(efc$c83cop2),
  BUR2 = some(scaled(four)), BUR3 = often(efc$c88cop7), SUP1 = scaled(efc$c89cop8),
  SUP2 = 100 * (efc$tot_sc_e >= 1), BUR2_C = rowMeans(often(four), na.rm = TRUE),
  MANY_HOURS = 100 * (efc$c12hour >= 40), BARTHEL60 = 100 * (efc$barthtot <= 60)
)
means <- sapply(people, function(x) tapply(x, place, mean, na.rm = TRUE))

turned <- means
for (code in c("BUR1", "BUR2", "BUR3", "BUR2_C")) turned[, code] <- 100 - turned[, code]
score <- function(dimensions, burden, services) {
  x <- turned
  positive <- (x[, "POS1"] + x[, "POS2"]) / 2
  bearable <- as.vector(x[, names(burden)] %*% burden) / sum(burden)
  support <- if (services) 0.6 * x[, "SUP1"] + 0.4 * x[, "SUP2"] else x[, "SUP1"]
  as.vector(cbind(positive, bearable, support) %*% dimensions) / sum(dimensions)
}
usual <- c(BUR1 = 30, BUR3 = 30, BUR2 = 40)
national <- score(c(30, 40, 30), usual, TRUE)
own <- c(
  score(c(15, 60, 25), usual, TRUE)[1],
  score(c(30, 40, 30), c(BUR1 = 30, BUR3 = 60, BUR2 = 40), FALSE)[2],
  score(c(30, 40, 30), c(BUR1 = 30, BUR3 = 30, BUR2_C = 40), TRUE)[3]
)

for (at in seq_len(nrow(means))) {
  for (code in colnames(means)) {
    cat(rownames(means)[at], code, sprintf("%.15g", means[at, code]), "\n")
  }
  cat(rownames(means)[at], "national_score", sprintf("%.15g", national[at]), "\n")
  cat(rownames(means)[at], "own_score", sprintf("%.15g", own[at]), "\n")
}
