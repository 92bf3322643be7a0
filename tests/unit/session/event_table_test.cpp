#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "actors/session/session_event.hpp"

/// docs/protocol.md has a table of what readers get of each event; here it is compared with the
/// code. Runs at the top of the source tree.
namespace switchboard {
namespace {

struct shown_event {
  std::string seen_by;
  std::vector<std::string> fields;
  bool operator==(const shown_event&) const = default;
};
using event_table = std::map<std::string, shown_event>;

void PrintTo(const shown_event& e, std::ostream* out) {
  *out << e.seen_by << ":";
  for (auto& f : e.fields) *out << " " << f;
}

/// The names of the fields that a client gets.
struct naming_visitor {
  std::vector<std::string> names;
  template <class T> void operator()(const char* name, T&) { names.emplace_back(name); }
  template <class T> void hidden(const char*, T&) {}
};

std::vector<std::string> field_names(const session_payload& p) {
  naming_visitor v;
  std::visit(
      [&](const auto& kind) {
        auto x = kind;
        describe(v, x);
      },
      static_cast<const session_payload::kinds&>(p));
  return v.names;
}

event_table table_of_the_code() {
  event_table out;
  auto add = [&](session_payload p) {
    const std::string type(type_name(p));
    if (type.empty()) return;
    const auto* seen_by = visibility_of(p) == visibility::agents ? "agents" : "all";
    // Who is unheard by the customer comes and goes unseen: these two kinds are judged each time.
    if (std::holds_alternative<event::joined>(p)) seen_by = "all, who is unheard: agents";
    if (std::holds_alternative<event::parted>(p)) seen_by = "all, who was unheard: agents";
    const shown_event shown{seen_by, field_names(p)};
    // `left` is two kinds in the code, with the same fields.
    const auto known = out.try_emplace(type, shown).first->second;
    EXPECT_EQ(known.fields, shown.fields) << type;
    out[type] = shown;
  };
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (add(session_payload(std::in_place_index<I>)), ...);
  }
  (std::make_index_sequence<std::variant_size_v<session_payload::kinds>>());
  return out;
}

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> out;
  std::istringstream in(line.substr(2));
  for (std::string cell; std::getline(in, cell, '|');) {
    const auto from = cell.find_first_not_of(' '), to = cell.find_last_not_of(' ');
    out.push_back(from == std::string::npos ? "" : cell.substr(from, to - from + 1));
  }
  return out;
}

std::vector<std::string> words_of(std::string text) {
  std::erase_if(text, [](char c) { return c == '`' || c == ' '; });
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string word; std::getline(in, word, ',');) out.push_back(word);
  return out;
}

/// The first table under "## Events".
event_table table_of_the_document() {
  std::ifstream in("docs/protocol.md");
  EXPECT_TRUE(in) << "docs/protocol.md: the test runs at the top of the source tree";
  event_table out;
  bool under_events = false;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("## ")) under_events = line == "## Events";
    if (under_events && line.starts_with("Not stored")) break;
    if (!under_events || !line.starts_with("| `")) continue;
    const auto cells = cells_of(line);
    const auto type = words_of(cells[0]).front();
    EXPECT_FALSE(out.contains(type)) << type << " stands there twice";
    out[type] = {cells[1], words_of(cells[2])};
  }
  return out;
}

TEST(event_table, the_document_names_every_event_its_fields_and_who_is_shown_it) {
  const auto code = table_of_the_code(), document = table_of_the_document();
  for (auto& [type, shown] : code) {
    ASSERT_TRUE(document.contains(type)) << "the document has no " << type;
    EXPECT_EQ(document.at(type), shown) << type;
  }
  EXPECT_EQ(document.size(), code.size());
}

}  // namespace
}  // namespace switchboard
