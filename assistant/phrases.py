"""Every French sentence the assistant says in its own name. They are few and neutral."""

from __future__ import annotations

EMPTY = "Votre question est vide. Écrivez par exemple : « Qu'est-ce que la performance d'usage ? » ou racontez où en est votre démarche."
EXAMPLE = "« Qu'est-ce que la performance d'usage ? »"
NO_WORDS = f"Votre message ne contient aucun mot, et je ne lis que les mots. Écrivez par exemple : {EXAMPLE} ou racontez où en est votre démarche."
NOT_READ = f"Je ne reconnais dans votre message aucun mot de la boîte à outils. Écrivez par exemple : {EXAMPLE} ou racontez où en est votre démarche."
ALPHABET = f"Je lis le français, l'anglais et le néerlandais, pas cet alphabet. Écrivez par exemple : {EXAMPLE}"
WELCOME = "Avec plaisir. Posez une autre question quand vous voulez."
GOODBYE = "Au revoir, et bonne suite dans votre démarche."
ORDER_ASIDE = "Votre message contient aussi une consigne : elle a été laissée de côté."
NO_DOCUMENT = "Je n'ai pas de document « {name} » dans la boîte à outils."
NEAREST = "Voici ce qui s'en approche :"
GREETING = (
    "Bonjour. Je réponds à partir de la boîte à outils EFC, en citant mes sources. Racontez où en est votre démarche pour trouver un outil, "
    "ou demandez ce que veut dire un mot."
)
OUTSIDE = (
    "Je ne peux pas répondre à cette demande : je réponds uniquement sur la boîte à outils EFC (ses outils, ses concepts, ses étapes) et sur les documents "
    "qu'on y a mis. Posez une question sur l'un d'eux, ou racontez où en est votre démarche."
)
NOTHING = "Le corpus ne répond pas à cette question : je n'y ai trouvé aucun passage qui s'en approche, et je n'invente rien."
NEAR = "Le corpus ne répond pas précisément à cette question. Voici ce qui s'en approche :"
MISSING = {
    "amount": "Aucun des passages trouvés ne donne ce montant.",
    "date": "Aucun des passages trouvés ne donne cette date.",
    "person": "Aucun des passages trouvés ne nomme cette personne.",
    "contact": "Aucun des passages trouvés ne donne de nom, de téléphone ni d'adresse électronique.",
    "phone": "Aucun des passages trouvés ne donne ce numéro.",
    "address": "Aucun des passages trouvés ne donne cette adresse.",
    "place": "Aucun des passages trouvés ne donne ce lieu.",
    "share": "Aucun des passages trouvés ne donne cette part.",
    "count": "Aucun des passages trouvés ne donne ce nombre.",
    "duration": "Aucun des passages trouvés ne donne cette durée.",
    "url": "Aucun des passages trouvés ne donne cette adresse.",
}
STANDS_FOR = "« {acronym} » veut dire « {words} », d'après le vocabulaire de la boîte à outils (contenu de démarrage, à valider par le Cerdd)."
USED = "On le lit par exemple ici :"
NOTION = "Notion voisine, *{title}* : {body}"
OVERVIEW = "Une démarche EFC compte {count} étapes :"
PAST = "D'après la date qu'il porte, ce document est échu depuis le {date} :"
OTHERWISE = "Une autre source donne une autre valeur ; voyez laquelle vous concerne :"
REPHRASE = "Vous pouvez reformuler avec d'autres mots, ou demander au Cerdd (cerdd.org) si l'information existe ailleurs."
CUT = "Votre question est très longue : seul son début a été lu."
STEP = "Vous semblez être à l'{step}, d'après « {words} »."
STEP_ALONE = "Vous semblez être à l'{step}."
STEP_NAMED = "Pour l'{step} :"
ROUTE = "Un parcours de la boîte à outils y ressemble, *{title}* :"
RELAXED = "Aucun outil ne respecte toutes vos contraintes ; voici ceux qui s'en approchent le plus."
ASIDE = "Écartés : {aside}."
CLARIFY = "Il me manque un repère pour choisir un outil. {question}"
FOREIGN = {
    "en": "The toolbox is in French; here is what it says, quoted.",
    "nl": "De toolbox is in het Frans; dit staat erin, letterlijk geciteerd.",
}
FOREIGN_ABSTAINED = {
    "en": "The toolbox is in French and does not answer this question precisely.",
    "nl": "De toolbox is in het Frans en beantwoordt deze vraag niet precies.",
}
