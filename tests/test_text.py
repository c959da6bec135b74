import pytest

from discourse.text import Body, clean, from_bbcode, from_html, from_markdown, from_plain
from discourse.threads import Quote


def quotes(body: Body) -> list[tuple[str | None, str]]:
    return [(quote.author, quote.text) for quote in body.quotes]


class TestClean:
    @pytest.mark.parametrize(
        ("raw", "cleaned"),
        [
            ("R&eacute;ponse &amp; &#8220;suite&#8221;", "Réponse & “suite”"),
            ("a&nbsp;b\u202fc\u3000d", "a b c d"),
            ("https://x.org/?a=1&copy=2&lang=fr", "https://x.org/?a=1&copy=2&lang=fr"),
            ("one\r\ntwo\rthree\u2028four\x0bfive", "one\ntwo\nthree\nfour\nfive"),
            (
                "soft\u00adhyphen, zero\u200bwidth, \ufeffmark, nul\x00, bell\x07",
                "softhyphen, zerowidth, mark, nul, bell",
            ),
            ("\u202eright to left\u202c", "right to left"),
            ("e\u0301te\u0301", "été"),
            ("  spaces  \n\n\n\n  around \t\n", "spaces\n\n  around"),
            ("👩\u200d🚀 می\u200cخواهم", "👩\u200d🚀 می\u200cخواهم"),
        ],
    )
    def test_characters(self, raw, cleaned):
        assert clean(raw) == cleaned

    @pytest.mark.parametrize(
        ("broken", "repaired"),
        [
            ("L'accord a Ã©tÃ© signÃ© Ã  Paris", "L'accord a été signé à Paris"),
            ("Itâ€™s a dealâ€¦", "It's a deal…"),
            ("schÃ¶n grÃ¼n", "schön grün"),
        ],
    )
    def test_mojibake_is_repaired(self, broken, repaired):
        assert clean(broken).replace("’", "'") == repaired

    @pytest.mark.parametrize(
        "sound", ["Ângela são Ñandú Åse", "â la carte", "ÂGE LÉGAL", "Привет", "Ä Ö Ü ß", "Ð is a letter"]
    )
    def test_sound_text_is_left(self, sound):
        assert clean(sound) == sound

    def test_only_the_broken_line_is_touched(self):
        assert clean("Ã©tÃ©\nÂge") == "été\nÂge"

    def test_surrogates_are_joined_or_replaced(self):
        assert clean("\ud83d\ude00 \ud83d!") == "😀 \ufffd!"
        clean("\ud83d").encode("utf-8")


class TestHtml:
    @pytest.mark.parametrize(
        ("markup", "text"),
        [
            ("<p>one</p><p>two</p>", "one\n\ntwo"),
            ("one<br>two<br/>\nthree<br><br>four", "one\ntwo\nthree\n\nfour"),
            ("<p>a\n   b</p>", "a b"),
            ("<ul><li>one</li><li><p>two</p></li><li></li></ul>after", "- one\n- two\n\nafter"),
            ("<ol><li>one<li>two</ol>", "1. one\n2. two"),
            ("<p>a <b>b</b><i> c</i></p>", "a b c"),
            ("<h2>Title</h2>text<hr>more", "Title\n\ntext\nmore"),
            ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
            ("<pre><code>if x:\n    y</code></pre>", "if x:\n    y"),
            ("1 &lt; 2 &amp;amp; <code>&lt;b&gt;</code>", "1 < 2 &amp; <b>"),
            ("no tag &lt; &amp;amp;", "no tag < &amp;"),
            ("no tag\nin one\n\nparagraph", "no tag in one\n\nparagraph"),
            ("<script>x()</script><style>p{}</style><p>words</p><noscript>no</noscript>", "words"),
            ('<img src="x" alt="a cat">asleep <img class="emoji" alt=":smile:">', "a cat asleep :smile:"),
            ("<details><summary>More</summary>hidden</details>", "More\nhidden"),
            ("", ""),
            ("<p></p>", ""),
        ],
    )
    def test_words(self, markup, text):
        assert from_html(markup) == Body(text)

    @pytest.mark.parametrize(
        ("markup", "text"),
        [
            ('see <a href="https://x.org/a">this</a>.', "see this (https://x.org/a)."),
            ('<a href="https://x.org/a/b">https://x.org/a/...</a>', "https://x.org/a/b"),
            ('<a href="https://x.org/">x.org</a>', "x.org"),
            ('<a href="https://x.org/a"><span>https://</span><span>x.org/a</span></a>', "https://x.org/a"),
            ('<a href="/u/ada" class="mention">@ada</a>', "@ada"),
            ('<a class="mention" href="https://x.org/u/ada">@ada</a>', "@ada"),
            ('<a href="#note">1</a>', "1"),
            ('<a href="https://x.org/a" class="inline-onebox">A page title</a>', "https://x.org/a"),
            ('<a class="lightbox" href="https://x.org/i.png"><img alt="plan"><div class="meta">9 KB</div></a>', "plan"),
            (
                '<aside class="onebox" data-onebox-src="https://x.org/a"><h3>Title</h3><p>text</p></aside>',
                "https://x.org/a",
            ),
        ],
    )
    def test_links(self, markup, text):
        assert from_html(markup).text == text

    def test_quotes_nest_and_leave_own_words(self):
        body = from_html("<p>before</p><blockquote>outer<blockquote>inner</blockquote>more</blockquote><p>after</p>")
        assert body.text == "before\n\nafter"
        assert quotes(body) == [(None, "outer\n\nmore"), (None, "inner")]

    @pytest.mark.parametrize(
        "markup",
        [
            '<aside class="quote" data-username="Ada" data-post="3"><div class="title"><div class="quote-controls">'
            '</div><img class="avatar" alt=""> Ada:</div><blockquote><p>words</p></blockquote></aside><p>own</p>',
            "<blockquote><div><cite>Ada a écrit :</cite>words</div></blockquote>own",
            "<blockquote><cite>Ada wrote:</cite>words</blockquote>own",
            '<div class="bbcode_quote"><div class="quote_container"><div class="bbcode_postedby">Zitat von <b>Ada</b>'
            '</div><div class="message">words</div></div></div>own',
            '<blockquote class="bbCodeBlock bbCodeBlock--quote" data-quote="Ada"><div class="bbCodeBlock-title">Ada'
            ' said:</div><div>words</div><div class="bbCodeBlock-expandLink">Click to expand...</div></blockquote>own',
            '<blockquote data-ipsquote-username="Ada">words</blockquote>own',
        ],
    )
    def test_every_engine_names_the_quoted(self, markup):
        body = from_html(markup)
        assert body.text == "own"
        assert quotes(body) == [("Ada", "words")]

    def test_a_linked_topic_is_a_link_not_a_person(self):
        body = from_html(
            '<aside class="quote" data-topic="22"><div class="title"><a href="https://x.org/t/22">On trees</a></div>'
            "<blockquote>its beginning</blockquote></aside><p>own</p>"
        )
        assert body.text == "https://x.org/t/22\n\nown"
        assert quotes(body) == [(None, "its beginning")]

    def test_lines_with_marks_are_quotes_where_asked(self):
        markup = "&gt; <i>their words</i><p>&gt; and more<p>own &gt; not<pre><code>&gt; code\n</code></pre>"
        body = from_html(markup, quoted_lines=True)
        assert body.text == "own > not\n\n> code"
        assert quotes(body) == [(None, "their words\n\nand more")]
        assert from_html("&gt; words").text == "> words"


class TestMarkdown:
    @pytest.mark.parametrize(
        ("markup", "text"),
        [
            ("plain words", "plain words"),
            ("**bold** *it* __b__ _i_ ~~s~~ ***both***", "bold it b i s both"),
            (
                "2*3*4 a_b_c 5 * 6 * 7 `**code**` http://x.org/a_b_c_",
                "2*3*4 a_b_c 5 * 6 * 7 `**code**` http://x.org/a_b_c_",
            ),
            ("* item *one*\n* item two", "* item one\n* item two"),
            ("# Title\ntext #tag", "Title\ntext #tag"),
            ('[words](https://x.org/a "title") ![alt](https://x.org/i.png)', "words (https://x.org/a) alt"),
            ("[w](https://x.org/a_(b))", "w (https://x.org/a_(b))"),
            ("![plan|690x388, 75%](upload://x.png)", "plan"),
            (
                "[a][1] and [b]\n\n[1]: https://x.org/1\n[b]: https://x.org/b",
                "a (https://x.org/1) and b (https://x.org/b)",
            ),
            ("<https://x.org> a<br>b <sub>c</sub> 1 < 2 > 1", "https://x.org a\nb c 1 < 2 > 1"),
            (">!the end!< is a secret", "the end is a secret"),
            ("::: spoiler Title\nhidden\n:::\nafter", "Title\nhidden\n\nafter"),
            ("\\*not bold\\* \\> no quote", "*not bold* > no quote"),
            ("a &amp; b &amp;#x200B; &amp;gt; c", "a & b  > c"),
            ("    > code\n    x = *y*", "> code\n    x = *y*"),
        ],
    )
    def test_words(self, markup, text):
        assert from_markdown(markup) == Body(text)

    @pytest.mark.parametrize(
        ("markup", "text", "quoted"),
        [
            ("> theirs\n> too\n\nown", "own", ["theirs\ntoo"]),
            ("&gt; theirs\n\nown", "own", ["theirs"]),
            ("> theirs\nown", "own", ["theirs"]),
            (">one\n\nown\n\n>two\n\nown too", "own\n\nown too", ["one", "two"]),
            ("> outer\n>> inner\n> outer again\n\nown", "own", ["outer\n\nouter again", "inner"]),
            (">> inner\n> outer\n\nown", "own", ["outer", "inner"]),
            ("> a\n>\n> b\n\nown", "own", ["a\n\nb"]),
            ("```\n> code\n```\n> theirs", "```\n> code\n```", ["theirs"]),
            ("> ```\n> > code\n> ```\n\nown", "own", ["```\n> code\n```"]),
            ("> ```\n> open\n\nown", "own", ["```\nopen"]),
            ("a > b", "a > b", []),
        ],
    )
    def test_quotes(self, markup, text, quoted):
        body = from_markdown(markup)
        assert body.text == text
        assert [quote.text for quote in body.quotes] == quoted

    def test_discourse_quotes_stand_in_markdown(self):
        body = from_markdown('[quote="Ada, post:3, topic:209"]\ntheir *words*\n[/quote]\n\n> also theirs\n\nown')
        assert body == Body("own", (Quote("Ada", "their words"), Quote(None, "also theirs")))


class TestBbcode:
    @pytest.mark.parametrize(
        ("tag", "author"),
        [
            ("[quote]", None),
            ("[quote=Ada]", "Ada"),
            ('[quote="Ada L"]', "Ada L"),
            ("[QUOTE=Ada;1234]", "Ada"),
            ('[QUOTE="Ada L, post: 123, member: 45"]', "Ada L"),
            ('[quote="Ada, post:3, topic:209, full:true"]', "Ada"),
            ('[quote="Ada" post_id=12 time=3 user_id=4]', "Ada"),
            ("[quote author=Ada L link=topic=1.msg2#msg2 date=12]", "Ada L"),
            ('[quote name="Ada L" post="3"]', "Ada L"),
            ("[quote='Ada' pid='22' dateline='33']", "Ada"),
            ('[quote="[ABC]Ada"]', "[ABC]Ada"),
            ("[quote=&quot;Ada&quot;]", "Ada"),
        ],
    )
    def test_every_engine_names_the_quoted(self, tag, author):
        assert from_bbcode(f"{tag}words[/quote]own") == Body("own", (Quote(author, "words"),))

    def test_ids_that_phpbb_glues_to_tags(self):
        assert from_bbcode('[quote:1a="Ada"]words[/quote:1a][b:1a]own[/b:1a]') == Body("own", (Quote("Ada", "words"),))

    def test_quotes_nest(self):
        body = from_bbcode("[quote=A][quote=B][quote=C]c[/quote]b[/quote]a[/quote]own")
        assert quotes(body) == [("A", "a"), ("B", "b"), ("C", "c")]

    @pytest.mark.parametrize("markup", ["[quote=x]never closed", "closed[/quote] only", "array[0] [sic] [1]"])
    def test_what_is_no_tag_is_words(self, markup):
        assert from_bbcode(markup) == Body(markup)

    def test_code_is_left_alone(self):
        body = from_bbcode("[code][quote]x[/quote]\n  [b]y[/b][/code][b]own[/b]")
        assert body == Body("[quote]x[/quote]\n  [b]y[/b]\nown")

    def test_dress_is_dropped_and_links_are_kept(self):
        markup = "[size=150][b]Big[/b][/size] [url=https://x.org/a]words[/url] [url]https://x.org[/url][img]i.png[/img]"
        assert from_bbcode(markup).text == "Big words (https://x.org/a) https://x.org"
        assert from_bbcode("[list][*]a[*]b[/list]").text == "- a\n- b"


class TestPlain:
    @pytest.mark.parametrize(
        ("attribution", "author"),
        [
            ("On Thu, Nov 1, 2001 at 11:19 AM, Ada Lovelace <ada@x.org> wrote:", "Ada Lovelace"),
            ("On Thu, 01 Nov 2001 11:19:12 +0100, Ada Lovelace wrote:", "Ada Lovelace"),
            ("On Mon, Mar 3, 2025 at 10:12 AM\nAda Lovelace <ada@x.org> wrote:", "Ada Lovelace"),
            ("Ada Lovelace <ada at x.org> wrote:", "Ada Lovelace"),
            ("Le lun. 3 mars 2025 à 10:12, Ada Lovelace <ada@x.org> a écrit :", "Ada Lovelace"),
            ("Am 03.03.2025 um 10:12 schrieb Ada Lovelace:", "Ada Lovelace"),
            ("El lun, 3 mar 2025 a las 10:12, Ada Lovelace (<ada@x.org>) escribió:", "Ada Lovelace"),
            ("Il giorno 3 mar 2025, alle ore 10:12, Ada Lovelace ha scritto:", "Ada Lovelace"),
            ("Den 3. mars 2020 kl. 10.12 skrev Ada Lovelace:", "Ada Lovelace"),
            ("Quoting Ada Lovelace <ada@x.org>:", "Ada Lovelace"),
            ('"Ada Lovelace" <ada@x.org> wrote in message news:123@x...', "Ada Lovelace"),
            ("In article <x@y>, ada@x.org (Ada Lovelace) writes:", "Ada Lovelace"),
            ('>>>>> "AL" == Ada Lovelace <ada@x.org> writes:', "Ada Lovelace"),
            ("user123 wrote:", "user123"),
        ],
    )
    def test_attribution_names_the_quoted(self, attribution, author):
        body = from_plain(f"Hello,\n\n{attribution}\n> words\n\nown")
        assert body == Body("Hello,\n\nown", (Quote(author, "words"),))

    def test_the_attribution_holds_for_all_quotes_of_its_depth(self):
        body = from_plain("Bob wrote:\n> Al wrote:\n>> a1\n> b1\n\nown\n\n> b2\n\nown too")
        assert body.text == "own\n\nown too"
        assert quotes(body) == [("Bob", "b1"), ("Al", "a1"), ("Bob", "b2")]

    def test_a_sentence_before_a_quote_is_own_words(self):
        assert from_plain("I read this:\n> words") == Body("I read this:", (Quote(None, "words"),))

    def test_a_forwarded_original_is_a_quote(self):
        body = from_plain("top\n\n-----Original Message-----\nFrom: Bob [mailto:b@x.org]\nSent: x\nTo: y\n\nold words")
        assert body == Body("top", (Quote("Bob", "old words"),))


class TestHostile:
    def test_half_a_million_spaces_and_dashes_in_plain_text(self):
        text = "one" + " " * 500_000 + "two" + "-" * 500_000 + "three"
        assert from_plain(text) == Body(text)

    def test_ten_thousand_nested_quotes(self):
        html = from_html("<blockquote>x" * 10_000 + "</blockquote>" * 10_000 + "own")
        assert (html.text, len(html.quotes)) == ("own", 10_000)
        bbcode = from_bbcode("[quote]x" * 10_000 + "[/quote]" * 10_000 + "own")
        assert (bbcode.text, len(bbcode.quotes)) == ("own", 10_000)
        markdown = from_markdown(">" * 10_000 + " x\n\nown")
        assert (markdown.text, len(markdown.quotes)) == ("own", 1)

    def test_markup_too_deep_for_a_tree_keeps_own_words_apart(self):
        body = from_html("mine" + "<div>" * 50_000 + "<blockquote>theirs</blockquote>" + "too")
        assert body.text == "mine too"
        assert [quote.text for quote in body.quotes] == ["theirs"]

    @pytest.mark.parametrize(
        ("read", "unit"),
        [
            *(
                (from_markdown, unit)
                for unit in ["[", "](", "[a](", "*a", "_a _b ", "``a ", ">!a", "~~a", "\\", "[quote=a", "\n> a\n"]
            ),
            *(
                (from_bbcode, unit)
                for unit in ["[", "[quote]", "[/quote]", "[code]", "[url=http://a]", "[b", "[quote=a]x[/quote]"]
            ),
            *(
                (from_plain, unit)
                for unit in [">", "> a\n\n", "a wrote:\n> b\n", "\n> a\n\n\n\n", "-----Original Message-----\n"]
            ),
            *((from_html, unit) for unit in ["<", "<b>", "</p>", "<div>", "<pre>", "&", "<a href=http://x>y", "<li>"]),
        ],
    )
    def test_repetitive_markup_is_read_to_its_end(self, read, unit):
        body = read(unit * (20_000 // len(unit)) + "\n\nthe end")
        assert "the end" in " ".join((body.text, *(quote.text for quote in body.quotes)))
