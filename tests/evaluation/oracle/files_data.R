# Makes files_data.json: generated tables as a stranger would bring them. Usage: Rscript files_data.R FOLDER
suppressMessages(library(jsonlite))
set.seed(20261128)
folder <- commandArgs(TRUE)[1]
# Strata with accents and spaces, of which two hold one cluster; missing answers; weights of 0.
n <- 90
village <- data.frame(h = rep(c("Bouches-du-Rhône", "Val de Loire", "Gers", "île", "cœur d'Hérault"), c(30, 24, 21, 10, 5)))
village$u <- c(rep(1:6, each = 5), rep(7:12, each = 4), rep(13:15, each = 7), rep(16, 10), rep(17, 5))
village$w <- round(runif(n, .4, 4), 4); village$w[c(2, 31, 60)] <- 0
village$g <- sample(c("à pied", "en bus", "ne sort pas"), n, TRUE)
for (k in 1:4) { v <- sample(1:5, n, TRUE, c(.1, .2, .3, .25, .15)); v[runif(n) < .12] <- NA; village[[paste0("E", k)]] <- v }
village$y <- round(rnorm(n, 1200, 150) + 60 * (village$g == "en bus"), 2); village$y[runif(n) < .1] <- NA
village$z <- as.integer(runif(n) < .35)
# Three stages, each with its population; weights follow from them.
three <- expand.grid(r = 1:3, c = 1:3, b = 1:2, a = 1:4)
three$y <- round(rnorm(nrow(three), 10, 3) + three$a, 3)
three$Na <- 17; three$Nb <- 5 + three$a %% 2; three$Nc <- 7; three$Nr <- 4 + three$c
# Pairs of clusters with replicate weights of Fay's method, made here and supplied.
half <- data.frame(h = rep(1:6, each = 10), u = rep(rep(1:2, each = 5), 6), w = round(runif(60, 1, 5), 3),
                   y = round(rexp(60, .1), 3), x = round(runif(60, 2, 9), 3))
write_json(list(village = village, three = three, half = half), file.path(folder, "files_data.json"),
           dataframe = "columns", na = "null", digits = NA)
