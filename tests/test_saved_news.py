from datetime import UTC, datetime

import pytest
from saved_pages import read_page, read_seed

from discourse.threads import Quote

ARTICLE = """Le train de nuit revient, les voyageurs hésitent encore

3 mai 2024 à 17h05
4
Un train à quai © Agence / Photos
Un train à quai © Agence / Photos

La ligne rouvre après dix ans, mais les prix font débat dans toute la région.

Le billet coûte plus cher que l'avion, a reconnu le transporteur lundi matin devant les élus.

Les dix plus belles gares
A découvrir
Les dix plus belles gares
15 sept. 2023 à 09:00
Comparatifs services

Source : Le Quotidien, Gazette

Jeanne Martin

Journaliste depuis dix ans, elle a couvert les chemins de fer puis l'aviation avant de...

Lire d'autres articles

Journaliste depuis dix ans, elle a couvert les chemins de fer puis l'aviation avant de revenir au rail.

Lire d'autres articles
Rejoignez la communauté S'inscrire

"""
FOOT = "Voir tous les messages sur le forum\nHaut de page\n\nSur le même sujet\nUn autre article"


def page(*comments, count=None, article=ARTICLE, foot=FOOT):
    """Write a news page: an author's line and a text's line in turn."""
    count = len(comments) if count is None else count
    body = "".join(f"{author}\n{text}\n" for author, text in comments)
    return f"{article}Commentaires ({count})\n\n{body}{foot}"


def test_the_seed_has_24_comments_and_six_quotes():
    form, thread = read_seed("003")
    assert (form, len(thread), thread.announced, thread.reply_field) == ("saved_news", 24, 22, False)
    assert "22 comments are announced, 24 were found" in thread.notices
    post = thread.post
    assert post.title == thread.title
    assert post.title.startswith("L’accord entre la startup française Mistral et Microsoft provoque")
    assert (post.author, post.created) == ("Corentin Béchade", datetime(2024, 2, 28, 8, 18, tzinfo=UTC))
    assert post.text.startswith("Tout juste noué, le mariage")
    assert post.text.endswith("À voir si Bruxelles se laisse convaincre.\n\nSource : Reuters, La Tribune")
    for furniture in ("Shutterstock", "chatbots", "Journaliste", "Lire d'autres", "WhatsApp", "Rejoignez"):
        assert furniture not in post.text
    assert " ".join(comment.author for comment in thread.replies) == (
        "g-jack Kriz4liD Yannick2k pecore philouze bizbiz Binbin Cynian90 TNZ MattS32 xryl MattS32 Binbin "
        "tommythefreak TNZ tommythefreak TNZ tommythefreak MattS32 wegener pecore Drifter35 Rainforce xryl"
    )
    assert [comment.id for comment in thread.replies] == [str(number) for number in range(1, 25)]
    quotes = {comment.id: comment.quotes for comment in thread.replies if comment.quotes}
    assert {number: (quote.author, quote.text[:30]) for number, (quote,) in quotes.items()} == {
        "10": ("Binbin", "Pourquoi Mistral AI n’a-t-il p"),
        "12": ("xryl", "Car là, c’est la perte de vale"),
        "19": ("TNZ", "Tu te rends compte que si ce «"),
        "21": ("wegener", "la faute à elle et à l’absence"),
        "23": ("TNZ", "La gangrène démarre toujours p"),
        "24": (None, "C’est pour ça qu’ils proposent"),
    }
    texts = {comment.id: comment.text for comment in thread.replies}
    assert texts["4"].startswith("“Mieux vaut un demon qu’on connait")
    assert texts["6"].endswith("Bruxelles « commence à nous les briser menu menu » !")
    assert texts["10"].startswith("Les modèles de Mistral AI sont déjà disponibles chez OVH : OVH lance")
    assert texts["21"] == "Comme blackrock ?"
    assert texts["24"].startswith("Je pense que tu mélanges 2 choses")
    assert "soudoyerpayer" in texts["24"]
    assert not any("<br" in text or "\xa0" in text or "&" in text for text in texts.values())


def test_the_article_apart_from_what_surrounds_it(tmp_path):
    form, thread = read_page(tmp_path, page(("ana", "Trop cher."), count=4))
    post = thread.post
    assert (form, post.title) == ("saved_news", "Le train de nuit revient, les voyageurs hésitent encore")
    assert (post.author, post.created) == ("Jeanne Martin", datetime(2024, 5, 3, 17, 5, tzinfo=UTC))
    assert post.text == (
        "La ligne rouvre après dix ans, mais les prix font débat dans toute la région.\n\n"
        "Le billet coûte plus cher que l'avion, a reconnu le transporteur lundi matin devant les élus.\n\n"
        "Source : Le Quotidien, Gazette"
    )
    assert thread.announced == 4


@pytest.mark.parametrize("count", [0, 1, 2, 300])
def test_any_number_of_comments(tmp_path, count):
    comments = [(f"user{number % 7}", f"Remarque numéro {number}.<br /> Et une suite.") for number in range(count)]
    form, thread = read_page(tmp_path, page(*comments))
    assert (form, len(thread), thread.announced) == ("saved_news", count, count)
    assert [(c.author, c.text) for c in thread.replies] == [
        (author, text.replace("<br /> ", "\n")) for author, text in comments
    ]


def test_texts_that_look_like_names_and_names_with_spaces(tmp_path):
    comments = [
        ("ana", "Oui"),
        ("Jean Le Bon", "ana"),
        ("ana", "bob"),
        ("ana", "Jean Le Bon"),
        ("x_2.0-b", "Non"),
        ("bob", "+1"),
    ]
    _, thread = read_page(tmp_path, page(*comments))
    assert [(c.author, c.text) for c in thread.replies] == comments


def test_an_empty_comment_and_a_real_line_break_do_not_shift_the_rest(tmp_path):
    area = (
        "ana\nUne première remarque, assez longue.\nbob\ncarl\nLa troisième remarque, assez longue aussi.\n"
        "dora\nUne remarque en deux lignes,\ndont voici la seconde, longue elle aussi.\neva\nLa dernière, enfin.\n"
    )
    _, thread = read_page(tmp_path, f"{ARTICLE}Commentaires (5)\n\n{area}{FOOT}")
    assert [(c.author, c.status) for c in thread.replies] == [
        ("ana", "ok"),
        ("bob", "empty"),
        ("carl", "ok"),
        ("dora", "ok"),
        ("eva", "ok"),
    ]
    assert thread.replies[3].text.count("\n") == 1


def test_quotes_of_several_people_and_where_they_end(tmp_path):
    first = "Le prix est absurde.<br /> Personne ne paiera cela pour dormir assis."
    comments = [
        ("ana", first),
        ("Jean Le Bon", "Moi je paierai, et vous verrez que le train sera plein."),
        ("ana", "Oui, oui."),
        (
            "bob",
            f"Bonjour.<br /> ana:<br /> {first}<br /> Non, il y a des couchettes.<br /> Jean Le Bon :<br /> "
            "vous verrez que le train sera plein.<br /> Oui.<br /> Bonne nuit.",
        ),
    ]
    _, thread = read_page(tmp_path, page(*comments))
    assert thread.replies[3].text == "Bonjour.\nNon, il y a des couchettes.\nOui.\nBonne nuit."
    assert thread.replies[3].quotes == (
        Quote("ana", "Le prix est absurde.\nPersonne ne paiera cela pour dormir assis."),
        Quote("Jean Le Bon", "vous verrez que le train sera plein."),
    )


def test_a_quote_inside_a_quote(tmp_path):
    comments = [
        ("ana", "Le prix de ce billet est tout à fait absurde."),
        ("bob", "ana:<br /> Le prix de ce billet est tout à fait absurde.<br /> Il est plus bas que celui de l'avion."),
        (
            "carl",
            "bob:<br /> ana:<br /> Le prix de ce billet est tout à fait absurde.<br /> "
            "Il est plus bas que celui de l'avion.<br /> Vous avez raison tous les deux.",
        ),
    ]
    _, thread = read_page(tmp_path, page(*comments))
    assert thread.replies[2].text == "Vous avez raison tous les deux."
    assert [(quote.author, quote.text) for quote in thread.replies[2].quotes] == [
        ("bob", "Il est plus bas que celui de l'avion."),
        ("ana", "Le prix de ce billet est tout à fait absurde."),
    ]


def test_what_looks_like_a_quote_and_is_none(tmp_path):
    comments = [
        ("ana", "Le train de nuit est une idée magnifique pour la région."),
        ("bob", "“Qui veut voyager loin ménage sa monture !”<br /> Tout est dit."),
        ("carl", "En résumé:<br /> un train, deux couchettes, trois euros.<br /> Merci."),
        ("dora", "ana: tu rêves.<br /> « Tu veux ma photo ? » comme disait l'autre."),
        ("ana", "Le train de nuit est une idée magnifique pour la région."),
        ("eva", "Voir : Le train de nuit revient | Gazette News"),
    ]
    _, thread = read_page(tmp_path, page(*comments))
    assert [c.quotes for c in thread.replies] == [()] * 6
    assert thread.replies[2].text.startswith("En résumé:\nun train")


def test_quotes_of_the_article_and_without_a_header(tmp_path):
    comments = [
        ("ana", "Le transporteur se moque du monde depuis le début de cette affaire.<br /> Et la région paie."),
        ("bob", "Le billet coûte plus cher que l'avion, a reconnu le transporteur lundi matin<br /> Quel aveu !"),
        ("carl", "Le transporteur se moque du monde depuis le début de cette affaire.<br /> C'est vite dit."),
    ]
    _, thread = read_page(tmp_path, page(*comments))
    assert [[quote.author for quote in c.quotes] for c in thread.replies] == [[], [None], [None]]
    assert [c.text for c in thread.replies[1:]] == ["Quel aveu !", "C'est vite dit."]


def test_entities_strike_outs_and_deleted_comments(tmp_path):
    comments = [
        ("ana", "Un&nbsp;prix &lt; 10&nbsp;€ &amp; rien d'autre, ils vont mentirexpliquer."),
        ("bob", "(post deleted by author)"),
    ]
    _, thread = read_page(tmp_path, page(*comments))
    assert [(c.text, c.status) for c in thread.replies] == [
        ("Un prix < 10 € & rien d'autre, ils vont mentirexpliquer.", "ok"),
        ("", "deleted"),
    ]


@pytest.mark.parametrize(
    ("header", "foot"),
    [
        ("Comments (2)", "See all messages on the forum"),
        ("2 Kommentare", "Alle Beiträge im Forum ansehen"),
        ("Comentarios (2)", "Ver todos los mensajes en el foro"),
        ("Commentaires", "Haut de page"),
        ("Commenti (2)", ""),
    ],
)
def test_other_languages_and_headers(tmp_path, header, foot):
    article = "A title that says it all\n\nMay 3, 2024 at 5:05 PM\n\nThe text.\n\n"
    text = f"{article}{header}\n\nana\nOne.<br /> Two.\nbob\nNo.\n{foot}"
    form, thread = read_page(tmp_path, text)
    assert form == "saved_news"
    assert [(c.author, c.text) for c in thread.replies] == [("ana", "One.\nTwo."), ("bob", "No.")]
    assert thread.post.created == datetime(2024, 5, 3, 17, 5, tzinfo=UTC)


def test_an_article_that_says_it_has_no_comments():
    form, thread = read_seed("002")
    assert (form, len(thread), thread.announced) == ("saved_news", 0, 0)
    assert thread.title == "Le partenariat de Mistral AI avec Microsoft fait grincer des dents à Bruxelles"
    assert any("cut by a paywall" in notice for notice in thread.notices)
    assert thread.post.text.endswith("Les deux cas sont pourtant différents, plaide Mistral AI.")
    assert thread.post.created is None


@pytest.mark.parametrize(
    "words",
    [
        "Soyez le premier à commenter cet article !",
        "No comments yet.",
        "Keine Kommentare",
        "Les commentaires sont fermés.",
    ],
)
def test_words_that_say_there_are_none(tmp_path, words):
    form, thread = read_page(tmp_path, f"A title that says it all\n\nThe whole text of it.\n\nComments\n\n{words}\n")
    assert (form, len(thread), thread.announced) == ("saved_news", 0, 0)
    assert thread.post.text == "The whole text of it."


def test_comments_of_another_kind_are_not_taken_for_these(tmp_path):
    area = "Le 3 mai 2024 à 12h, Ana a écrit :\nTrop cher, et de loin.\nRépondre à Ana :\nUne phrase. Deux.\n"
    form, thread = read_page(tmp_path, f"{ARTICLE}Commentaires (2)\n\n{area * 3}")
    assert (form, len(thread)) == ("plain_text", 0)
