# Makes designs_data.json: generated samples of several designs. Usage: Rscript designs_data.R FOLDER
suppressMessages(library(jsonlite))
set.seed(20261123)
folder <- commandArgs(TRUE)[1]
people <- function(n) {
  d <- data.frame(w = round(runif(n, 0.5, 9), 3), g = sample(c("a", "b", "c"), n, TRUE, c(.5, .3, .2)),
                  sex = sample(c("f", "m"), n, TRUE), age = sample(c("75", "80", "85"), n, TRUE))
  d$x <- round(exp(rnorm(n, 1, .4)), 3)
  d$y <- round(10 + 3 * (d$sex == "f") + 2 * d$x + rnorm(n, 0, 4), 3)
  d$y[runif(n) < .1] <- NA
  d$yes <- as.integer(runif(n) < plogis(-.4 + .5 * (d$age == "85")))
  d$k <- sample(1:5, n, TRUE, c(.1, .2, .3, .25, .15))
  d$o1 <- rbinom(n, 1, .6); d$o2 <- rbinom(n, 1, .3); d$o3 <- rbinom(n, 1, .1)
  d
}
# Stratified, fpc by stratum size.
strat <- people(240); strat$h <- sample(c("h1", "h2", "h3", "h4"), 240, TRUE)
strat$N <- c(h1 = 400, h2 = 150, h3 = 900, h4 = 300)[strat$h]
# Clusters in strata, drawn with replacement.
clus <- people(300); clus$h <- sample(c("u", "v", "w"), 300, TRUE); clus$c <- sample(1:9, 300, TRUE)
# Two stages with fpc, strata at the first.
units <- expand.grid(p = 1:6, h = c("north", "south")); two <- NULL
for (i in seq_len(nrow(units))) {
  s <- people(4 + i %% 5); s$h <- units$h[i]; s$p <- units$p[i]; s$q <- seq_len(nrow(s))
  s$N1 <- c(north = 20, south = 11)[as.character(s$h)]; s$N2 <- nrow(s) + 3 + i; two <- rbind(two, s)
}
two$h <- as.character(two$h)
# Lonely strata: two strata hold one unit each.
lone <- people(160); lone$h <- sample(c("a", "b", "c", "d", "e"), 160, TRUE); lone$c <- sample(1:6, 160, TRUE)
lone$c[lone$h %in% c("d", "e")] <- 1
# Two units per stratum, for half samples.
half <- people(200); half$h <- sample(paste0("s", 1:7), 200, TRUE); half$c <- sample(1:2, 200, TRUE)
write_json(list(strat = strat, clus = clus, two = two, lone = lone, half = half),
           file.path(folder, "designs_data.json"), dataframe = "columns", na = "null", digits = NA)
