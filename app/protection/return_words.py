"""Return words: two plain French words that open a person's earlier answers again.

They are derived from the response with a key and stored nowhere, so a pause tomorrow shows the
same words as the pause today. About 200 x 200 pairs: guessing is throttled for each response.
"""

from __future__ import annotations

import hmac
import unicodedata

from app.protection.keys import digest

_LIST = """
abeille abricot agneau aigle amande ananas ancre arbre argent armoire avion avril balai balcon
ballon banane banc barque bateau berger beurre bijou billet biscuit blouse bocal bois bonnet
botte bouche bougie boule bouquet bouton branche brebis bureau cabane cadeau cahier caillou
calme camion canal canard canari canne carnet carotte carte castor cerise chaise chalet chameau
champ chanson chapeau chat chemin chemise cheval chou ciel cigale citron clairon cloche clou
colline colombe comptoir copain coq corbeille coton coude crayon cuisine cygne dauphin dentelle
devoir dimanche domino drap escalier estrade facteur faisan faucon ferme feuille figue fleur
flocon fontaine fourmi fraise fromage fruit galet galette gant gare gazon girafe glace gomme
grange grillon hamac haricot herbe hibou horloge image jambon jardin jeudi jonquille journal
jupe lac laine lampe lapin lavande lilas livre lundi lune lutin maison mandarine manteau
marmite marron matin melon menthe merle miel mimosa miroir montagne mouette moulin mouton
muguet musique navire neige noisette nuage oiseau olive orange oreille ormeau ours panier
papillon parasol pastel peinture perle persil pigeon pinceau pinson piscine plage plume poire
poisson pomme potager poule prairie printemps prune radis raisin rideau rivage robe rose ruban
ruche sable salade samedi sapin saule savon serviette sirop soleil soupe sourire stylo sucre
table tambour tapis tartine timbre tisane toit tomate torrent train tulipe vache vague valise
vanille velours vendredi verger village violon voile voisin voiture
"""
WORDS = tuple(_LIST.split())


def return_words(key: bytes, response_id: int) -> str:
    """The two words of a response, with a space between."""
    bits = digest(key, f"return words of response {response_id}")
    first, second = int.from_bytes(bits[:8], "big"), int.from_bytes(bits[8:16], "big")
    return f"{WORDS[first % len(WORDS)]} {WORDS[second % len(WORDS)]}"


def same_words(key: bytes, response_id: int, written: str) -> bool:
    """Whether these are the words, whatever the case, the accents and the spaces."""
    given = _plain(written[:80])
    return hmac.compare_digest(given.encode(), _plain(return_words(key, response_id)).encode())


def _plain(written: str) -> str:
    split = unicodedata.normalize("NFKD", written.casefold())
    return "".join(letter for letter in split if letter.isascii() and letter.isalpha())
