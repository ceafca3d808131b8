import random
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest
from tests.conftest import wrong_in_vega_lite

from lab import Interval, bootstrap, judge_cells
from models import topic_clusters as model
from studies import topic_clusters as study

SMALL = model.Shelf(
    (("bee", "hive", "bee"), ("bee", "wax"), ("hive", "wax"), ("tax", "law"), ("law", "court"), ("tax", "court")),
    ("bees", "bees", "bees", "tax", "tax", "tax"),
)


def valid(spec: dict[str, Any]) -> bool:
    assert wrong_in_vega_lite(spec) == []
    return True


def test_the_adjusted_rand_index_is_one_for_the_same_partition_under_other_names_and_nought_by_chance() -> None:
    assert model.adjusted_rand("aabbcc", "xxyyzz") == 1
    assert model.adjusted_rand([0, 0, 0, 1, 1], [0, 0, 1, 1, 1]) == pytest.approx(1 / 6)  # worked by hand
    rng = random.Random(1)
    by_chance = [model.adjusted_rand([i % 5 for i in range(200)], rng.choices(range(5), k=200)) for _ in range(50)]
    assert abs(fmean(by_chance)) < 0.01


def test_words_are_lower_case_and_of_three_letters_or_more() -> None:
    assert model.words("The C3 linearization, of IT-all") == ["the", "linearization", "all"]


def test_docstrings_are_read_without_running_the_module_and_without_its_name(tmp_path: Path) -> None:
    long = "Asyncio sends many words about nothing at all to a reader who would rather have had a coffee"
    (tmp_path / "email.py").write_text(f'"""{long}."""\nraise SystemExit\ndef f():\n    """Too short."""\n', "utf-8")
    (found,) = model.docstrings("email", root=tmp_path)
    assert "asyncio" not in found
    assert found[:3] == ("sends", "many", "words")
    with pytest.raises(FileNotFoundError):
        model.docstrings("http", root=tmp_path)


def test_every_subject_has_the_documents_that_a_draw_asks_for() -> None:
    library = {module: model.docstrings(module) for module in ("inspect", "ipaddress")}
    drawn = model.draw_shelf(random.Random(1), library)
    assert drawn.subjects.count("inspect") == drawn.subjects.count("ipaddress") == 45
    assert len(set(drawn.documents)) == 90


@pytest.mark.parametrize("overlap", [0.2, 0.9])
def test_invented_documents_have_the_derived_number_of_topical_words(overlap: float) -> None:
    made = model.invented_shelf(random.Random(3), overlap, documents=400)
    topical = fmean(sum(word.startswith("t") for word in document) for document in made.documents)
    assert topical == pytest.approx(model.topical_words(overlap), abs=0.5)


def test_word_weights_have_length_one_and_common_words_weigh_nothing() -> None:
    documents = [*SMALL.documents, *SMALL.documents]
    vectors = model.tfidf([(*document, "the") for document in documents])
    assert all(sum(value**2 for value in vector.values()) == pytest.approx(1) for vector in vectors)
    assert not any("the" in vector for vector in vectors)


def test_both_embeddings_give_every_word_the_same_weight() -> None:
    made = model.invented_shelf(random.Random(5), 0.5, documents=40)
    vocabulary = model.vocabulary_of(made.documents)
    sparse = model.tfidf(made.documents)
    for row, vector in zip(study.matrix(made.documents), sparse, strict=True):
        assert row.tolist() == pytest.approx([vector.get(word, 0.0) for word in vocabulary])


def test_topics_that_share_few_words_are_recovered_and_those_that_share_nearly_all_are_not() -> None:
    assert model.recovery(random.Random(1), 0.3) > 0.95
    assert model.recovery(random.Random(1), 0.95) < 0.2


def test_the_small_model_recovers_as_much_as_the_study_does_without_reduction() -> None:
    core, large = [], []
    for seed in range(20):
        core.append(model.recovery(random.Random(seed), 0.8, documents=80))
        made = model.invented_shelf(random.Random(seed + 500), 0.8, documents=80)
        large.append(study.cluster(made, seed, None).recovery)
    a, b = bootstrap(core), bootstrap(large)
    assert a.lo <= b.hi
    assert b.lo <= a.hi
    assert 0.1 < a.mean < 0.9  # not where both are sure to agree


def test_the_reduction_finds_the_leading_directions() -> None:
    import numpy as np

    rng = np.random.default_rng(1)
    low_rank = rng.standard_normal((30, 3)) @ rng.standard_normal((3, 40))
    reduced = study.reduce(low_rank, 3, rng)
    assert np.allclose(reduced @ reduced.T, low_rank @ low_rank.T)
    assert np.linalg.svd(low_rank)[1][:3] == pytest.approx(np.linalg.norm(reduced, axis=0))


def test_the_study_clusters_the_same_way_every_time() -> None:
    made = model.invented_shelf(random.Random(2), 0.8)
    assert study.cluster(made, 4).labels == study.cluster(made, 4).labels


def test_a_cluster_is_labelled_by_words_that_others_lack() -> None:
    doubled = model.Shelf(SMALL.documents * 3, SMALL.subjects * 3)
    labels = [0, 0, 0, 1, 1, 1] * 3
    assert model.label_words(doubled.documents, labels, 1)[0] == ["bee"]  # the commonest of those that only it has
    names = model.label_words(doubled.documents, labels, 2)
    assert set(names[0]) <= {"bee", "hive", "wax"}
    assert set(names[1]) <= {"tax", "law", "court"}
    assert model.label_precision(doubled, labels, names, 6) == 1
    assert model.label_precision(doubled, labels, {0: names[1], 1: names[0]}, 6) == 0


def test_the_centre_is_nobody_and_the_nearest_to_it_are_its_purest() -> None:
    points = model.tfidf(SMALL.documents * 3)
    centre = model.centroid(points[:3])
    assert sum(value**2 for value in centre.values()) == pytest.approx(1)
    assert centre not in points
    assert model.nearest_to_centre([{"a": 1.0}, {"a": 0.8, "b": 0.6}, {"b": 1.0}], [0, 0, 0], 1) == {0: [1]}
    mixed = [0] * 18
    near = model.nearest_to_centre(points, mixed, 4)[0]
    assert len(set(near)) == 4
    assert model.share_of_main(model.Shelf(SMALL.documents * 3, SMALL.subjects * 3), mixed, {0: [0, 1, 2, 3]}) == (
        0.75,
        0.5,
    )


def test_where_the_answer_is_known_it_comes_out() -> None:
    found = study.cluster(model.invented_shelf(random.Random(2), 0.8), 4)
    known = found.shelf, found.labels
    assert found.recovery > 0.5
    assert abs(fmean(model.dealt_out(random.Random(i), *known) for i in range(30))) < 0.02
    assert model.random_words(random.Random(1), *known) < 0.4
    assert model.label_precision(*known, model.label_words(found.shelf.documents, found.labels)) > 0.8
    assert abs(model.from_anywhere(random.Random(1), *known, times=30)) < 0.05


def test_a_condition_tells_every_cell_and_what_parts_them() -> None:
    cells = judge_cells(
        [({"": "docstrings"}, [-1]), ({"": "invented, overlap 0.5"}, [1]), ({"": "invented, overlap 0.8"}, [1])], 0
    )
    assert model.verdict_words("recovers", cells)["condition"] == (
        "it holds for topics sharing 50% of their words and topics sharing 80% of their words; it fails for docstrings."
        " What parts them is how many words of a document speak of its subject: in those topics 20, 8 of 40"
    )
    for name in model.MEASURED:
        assert len(model.verdict_words(name, cells)["right_if"].split()) > 5


def test_nearest_and_farthest_are_at_opposite_ends() -> None:
    found = study.cluster(model.invented_shelf(random.Random(2), 0.8), 4)
    near, far = study.nearest_to_centre(found), study.farthest_from_centre(found)
    for c, members in model.clusters(found.labels).items():
        middle = found.points[members].mean(0)
        reach = {i: float(((found.points[i] - middle) ** 2).sum()) for i in members}
        assert max(reach[i] for i in near[c]) <= min(reach[i] for i in members if i not in near[c])
        assert min(reach[i] for i in far[c]) >= max(reach[i] for i in members if i not in far[c])


def test_purity_is_the_share_on_the_main_subject() -> None:
    assert model.purity(SMALL.subjects, [0, 0, 0, 0, 1, 1]) == pytest.approx(5 / 6)
    assert model.majority(("b", "a"), (0, 1)) == ("a", 0.5)


def test_the_exponent_is_the_slope_on_logarithmic_scales() -> None:
    assert model.exponent((10, 20, 40), (3, 12, 48)) == pytest.approx(2)


def test_a_shelf_is_clustered_in_some_time_but_not_in_a_minute() -> None:
    assert 0 < study.seconds(model.invented_shelf(random.Random(1), 0.5), 1) < 10


def test_every_figure_is_valid_and_its_words_name_its_numbers() -> None:
    found = study.cluster(model.invented_shelf(random.Random(2), 0.8), 4)
    names = model.label_words(found.shelf.documents, found.labels)
    points, places = study.ring(found)
    assert all(x * x + y * y < 1 for x, y in points)
    rows, named = model.map_rows(found.shelf, found.labels, points), model.name_rows(places, names)
    assert valid(model.map_figure(rows, named))
    assert "60 documents" in model.map_alt(rows, named)

    table = model.confusion_rows(found.shelf, found.labels, names)
    assert sum(row["documents"] for row in table) == 120
    assert valid(model.confusion_figure(table))
    assert "%" in model.confusion_alt(table)

    falling = model.overlap_rows({(40, o): Interval(m, m, m, 1) for o, m in ((0.5, 1.0), (0.8, 0.9), (0.9, 0.3))})
    assert valid(model.overlap_figure(falling))
    assert "40 words: below one half from an overlap of 0.9" in model.overlap_alt(falling)

    bars = model.place_rows({"nearest": Interval(0.8, 0.7, 0.9, 3)})
    assert valid(model.places_figure(bars))
    assert "nearest 0.80" in model.places_alt(bars)

    times = model.reading_rows((250, 4000))
    assert valid(model.reading_figure(times))
    assert "4000 papers once each takes 19 seconds" in model.reading_alt(times)
    assert "every pair of them takes 10 hours" in model.reading_alt(times)
