"""The lint checks, on trees made for them: each rule is seen to fail."""

import os
import tempfile
import unittest

import classes
import habits
import layers
import links
import log_events
import words


class lint_case(unittest.TestCase):
    def setUp(self):
        self.tree = tempfile.TemporaryDirectory()
        self.addCleanup(self.tree.cleanup)

    def put(self, path, text="#pragma once\n"):
        full = os.path.join(self.tree.name, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as f:
            f.write(text)

    def include(self, path, *what):
        for w in what:
            if not w.startswith("<") and not os.path.exists(os.path.join(self.tree.name, w)):
                self.put(w)
        self.put(path, "#pragma once\n" + "".join(
            f"#include {w}\n" if w.startswith("<") else f'#include "{w}"\n' for w in what))

    def bad_layers(self, count=1):
        found = layers.check(self.tree.name).run()
        self.assertEqual(len(found), count, found)

    def bad_habits(self, count=1):
        found = habits.check(self.tree.name)
        self.assertEqual(len(found), count, found)


class layers_test(lint_case):
    def test_what_runs_one_way_is_good(self):
        self.include("runtime/text/a.cpp", "runtime/base/x.hpp", "<unicode/uchar.h>")
        self.include("config/a.hpp", "runtime/base/x.hpp", "runtime/text/b.hpp")
        self.include("runtime/store/a.hpp", "config/a.hpp")
        self.include("actors/router/a.hpp", "runtime/store/a.hpp")
        self.include("actors/messages/a.hpp", "actors/router/a.hpp", "<caf/all.hpp>")
        self.include("actors/agent/agent_body.hpp", "actors/messages/a.hpp")
        self.include("actors/agent/agent_calls.cpp", "actors/agent/agent_body.hpp", "<caf/all.hpp>")
        self.include("adapters/tcp/a.cpp", "actors/agent/agent_actor.hpp", "<boost/asio.hpp>")
        self.include("tools/d/main.cpp", "adapters/tcp/a.hpp")
        self.include("tests/unit/a.cpp", "tools/d/main.hpp", "beside.hpp")
        self.bad_layers(0)

    def test_each_step_back_is_found(self):
        for who, what in (("runtime/base/a.hpp", "config/b.hpp"), ("config/a.hpp", "runtime/codec/b.hpp"),
                          ("runtime/base/a.hpp", "runtime/text/b.hpp"), ("runtime/text/a.hpp", "config/b.hpp"),
                          ("runtime/store/a.hpp", "actors/router/b.hpp"),
                          ("actors/router/a.hpp", "actors/messages/b.hpp"),
                          ("actors/messages/a.hpp", "actors/agent/agent_actor.hpp"),
                          ("actors/agent/agent_actor.cpp", "adapters/tcp/b.hpp"),
                          ("adapters/tcp/a.hpp", "tools/d/b.hpp"), ("tools/d/a.hpp", "tests/unit/b.hpp")):
            with self.subTest(who):
                self.setUp()
                self.include(who, what)
                self.bad_layers()

    def test_what_is_inside_an_actor_stays_there(self):
        self.include("adapters/a/a.cpp", "actors/agent/agent_body.hpp")
        self.include("tools/a/a.cpp", "actors/agent/agent_body.hpp")
        self.include("actors/session/session_actor.cpp", "actors/agent/agent_body.hpp")
        self.include("adapters/a/b.cpp", "actors/session/session_machine.hpp", "actors/agent/agent_state.hpp")
        self.bad_layers(5)

    def test_a_pure_room_knows_no_caf_socket_or_file(self):
        self.include("actors/router/a.cpp", "<caf/all.hpp>", "<fstream>", "<sys/socket.h>")
        self.bad_layers(3)

    def test_actors_know_no_asio(self):
        self.include("actors/agent/agent_actor.cpp", "<boost/asio/post.hpp>")
        self.bad_layers(2)

    def test_actors_do_not_read_the_clock_but_may_speak_of_it(self):
        self.put("actors/agent/agent_actor.cpp",
                 "auto t = std::chrono::steady_clock::now();\n// not system_clock::now\nstd::random_device d;\n")
        self.put("adapters/a/a.cpp", "auto t = std::chrono::steady_clock::now();\n")
        self.bad_layers(2)

    def test_the_rule_language_knows_nothing_of_the_project(self):
        self.include("runtime/cel/a.cpp", "runtime/cel/a.hpp", "runtime/base/x.hpp")
        self.put("runtime/cel/b.cpp", "auto t = std::chrono::system_clock::now();\n")
        self.bad_layers(2)

    def test_a_library_stays_where_it_belongs(self):
        self.include("adapters/a/a.cpp", "<spdlog/spdlog.h>", "<lmdb.h>", "<unicode/uchar.h>")
        self.bad_layers(3)

    def test_an_include_that_leads_nowhere_is_found(self):
        self.put("runtime/codec/a.cpp", '#include "runtime/codec/gone.hpp"\n')
        self.put("runtime/codec/b.cpp", '#include "a.hpp"\n')
        self.bad_layers(2)

    def test_an_exception_no_longer_needed_is_found(self):
        self.put(next(iter(layers.LET_BE))[0])
        self.bad_layers()


class habits_test(lint_case):
    def test_good_text_is_good(self):
        self.put("runtime/base/a.hpp", "#pragma once\n\nint a();\n")
        self.put("docs/a.md", "two spaces break a line  \n")
        self.bad_habits(0)

    def test_a_document_that_is_not_there_is_found(self):
        self.put("docs/rules.md", "see [it](decisions/0001-a.md) and gone.md\n")
        self.put("docs/decisions/0001-a.md", "ours\n")
        self.put("actors/a.cpp", "// docs/rules.md, docs/decisions/0001, not docs/decisions/0002\n// design 9\n")
        self.bad_habits(3)

    def test_each_bad_habit_is_found(self):
        for path, text in (("runtime/base/a.cpp", "int a;\n" * 501), ("runtime/base/a.cpp", "int a; \n"),
                           ("runtime/base/a.cpp", "\tint a;\n"), ("runtime/base/a.cpp", "int a;"),
                           ("runtime/base/a.hpp", "int a;\n"), ("runtime/base/utils.cpp", "int a;\n"),
                           ("runtime/base/a.cpp", "// TO" "DO later\n"),
                           ("config/a.yaml", "dir: /ho" "me/me\n"),
                           ("runtime/base/a.hpp", "#pragma once\nusing namespace std;\n")):
            with self.subTest(text[:20]):
                self.setUp()
                self.put(path, text)
                self.bad_habits()


class words_test(lint_case):
    def test_a_word_given_up_is_found_in_names_of_code_and_files(self):
        self.put("actors/agent/agent_desk.cpp", "int a_desk;\n")
        self.assertEqual(len(words.check(self.tree.name)), 2)

    def test_text_and_comments_may_say_it(self):
        self.put("actors/agent/a.cpp", 'auto a = "desk";  // desk\nauto b = std::floor(1.5);\n')
        self.assertEqual(words.check(self.tree.name), [])


class log_events_test(lint_case):
    ROW = "| event | level | fields | |\n|---|---|---|---|\n| `backup_made` | info | `dir`, `bytes` | |\n"
    CALL = 'log::info("backup_made", {{"dir", log::technical{dir}}, {"bytes", f(1, "x, y")}});'

    def troubles(self, code, page):
        self.put("tools/switchboardd/a.cpp", "void f() {\n  " + code + "\n}\n")
        self.put("docs/log_events.md", page)
        return log_events.check(self.tree.name)

    def test_what_is_logged_and_listed_is_good(self):
        self.assertEqual(self.troubles(self.CALL, self.ROW), [])

    def test_an_event_that_only_the_code_or_only_the_page_has_is_found(self):
        self.assertIn("logged and not listed", self.troubles(self.CALL + ' log::warn("disk_lost");', self.ROW)[0])
        self.assertIn("nowhere logged", self.troubles("", self.ROW)[0])
        self.assertIn("twice", self.troubles(self.CALL, self.ROW + self.ROW.split("\n")[2] + "\n")[0])

    def test_another_level_or_other_fields_are_found(self):
        self.assertIn("listed as info", self.troubles(self.CALL.replace("info", "error"), self.ROW)[0])
        self.assertIn("has the fields", self.troubles(self.CALL.replace('"dir"', '"folder"'), self.ROW)[0])

    def test_both_names_of_a_choice_are_followed_and_one_that_cannot_be_is_found(self):
        self.assertEqual(len(self.troubles('log::info(more ? "begun" : "done", {});', self.ROW)), 3)
        self.assertIn("cannot follow", self.troubles("log::info(name_of(x), {});", "")[0])


class links_test(lint_case):
    def test_what_is_there_is_good_and_what_is_not_is_found(self):
        self.put("docs/rules.md", "# Rules\n\n## Steps, and waits\n\n[up](../README.md) [out](https://example.org/x)\n")
        self.put("README.md", "# Top\n\n[rules](docs/rules.md#steps-and-waits) [here](#top)\n\n```text\n[not](a.link)\n```\n")
        self.assertEqual(links.check(self.tree.name), [])
        self.put("docs/a.md", "[gone](gone.md) [rules](rules.md#stairs)\n")
        self.assertEqual(len(links.check(self.tree.name)), 2)


class classes_test(lint_case):
    def put_class(self, functions, fields, name="big"):
        self.put("actors/agent/a.hpp", "#pragma once\nclass " + name + " {\n public:\n" +
                 "".join(f"  void f{i}(int a = 1) {{ if (a) {{}} }}\n" for i in range(functions)) +
                 "".join(f"  std::map<int, std::string> x{i}_{{1, 2}}, y{i}_ = {{}};\n" for i in range(fields // 2)) + "};\n")

    def bad_classes(self, count):
        found = classes.check(self.tree.name)
        self.assertEqual(len(found), count, found)

    def test_a_class_within_the_limits_is_good(self):
        self.put_class(classes.MOST_FUNCTIONS, classes.MOST_FIELDS)
        self.bad_classes(0)

    def test_a_class_with_too_many_functions_or_fields_is_found(self):
        self.put_class(classes.MOST_FUNCTIONS + 1, 2)
        self.bad_classes(1)
        self.put_class(5, classes.MOST_FIELDS + 1)
        self.bad_classes(1)

    def test_one_let_be_may_only_shrink(self):
        key, was = "actors/agent/a.hpp big", (50, 4)
        classes.LET_BE[key] = was
        self.addCleanup(classes.LET_BE.pop, key)
        self.put_class(50, 4)
        self.bad_classes(0)
        self.put_class(51, 4)
        self.bad_classes(1)
        self.put_class(10, 4)
        self.bad_classes(1)


if __name__ == "__main__":
    unittest.main()
