#include <cctype>
#include <fstream>
#include <map>

#include <gtest/gtest.h>

#include "actors/access/methods.hpp"
#include "adapters/channel/gateway/endpoints.hpp"

/// docs/protocol.md has every method with just the fields that it reads.
namespace switchboard::gateway_testing {
namespace {

/// What a page says of a method's fields: by name, whether it may be left out.
using described_fields = std::map<std::string, bool>;

/// "a, b? (so long), c{d, e?} | f" into a, b?, c, f.
described_fields fields_in(const std::string& text) {
  described_fields all;
  std::string name;
  int depth = 0;
  const auto end = [&](bool optional) {
    if (!name.empty() && name != "or") all[name] |= optional;
    name.clear();
  };
  bool value = false;
  for (const char c : text + ",") {
    if (c == '{' || c == '[' || c == '(') {
      if (depth++ == 0) end(false);
    } else if (c == '}' || c == ']' || c == ')') {
      --depth;
    } else if (depth > 0) {
      continue;
    } else if (c == ':') {
      end(false);
      value = true;  // "route: true" is one field with a value
    } else if (c == ',' || c == '|') {
      if (!value) end(false);
      name.clear();
      value = false;
    } else if (value) {
      continue;
    } else if (std::isalnum(static_cast<unsigned char>(c)) || c == '_') {
      name += c;
    } else if (c == '?') {
      if (name.empty() && !all.empty()) continue;
      end(true);
    } else {
      end(false);
    }
  }
  return all;
}

/// What goes in, of a line "{a, b} → {c}  |  {d} → {e}": a, b, d.
std::string params_in(const std::string& line) {
  std::string all;
  int depth = 0;
  for (std::size_t i = 0, from = 0; i < line.size(); ++i) {
    if (line[i] == '{' && depth++ == 0) from = i + 1;
    if (line[i] == '}' && --depth == 0 && line.compare(i + 1, 4, " →") == 0)
      all += (all.empty() ? "" : ", ") + line.substr(from, i - from);
  }
  return all;
}

/// Each method with the text of its fields, which is the first such line of its section.
std::map<std::string, std::string> documented() {
  std::ifstream page("docs/protocol.md");
  EXPECT_TRUE(page) << "run in the top folder";
  std::map<std::string, std::string> all;
  std::string line, section;
  while (std::getline(page, line)) {
    if (line.rfind("### ", 0) == 0) section = line.substr(4);
    if (!section.empty() && line.rfind("    {", 0) == 0) all.emplace(section, params_in(line));
  }
  return all;
}

TEST(protocol_page, has_every_method_with_the_fields_that_it_reads) {
  const auto page = documented();
  const auto methods = rights::methods();
  for (std::size_t i = 0; i < methods.size(); ++i) {
    const std::string method(methods[i].name);
    SCOPED_TRACE(method);
    const auto at = page.find(method);
    if (at == page.end()) {
      ADD_FAILURE() << "is not in docs/protocol.md";
      continue;
    }
    auto said = fields_in(at->second);
    said.erase("op_id");  // every method that writes takes one
    codec::field_list list;
    endpoints::all()[i]->list(list);
    for (auto& f : list.fields) {
      const auto there = said.find(std::string(f.name));
      if (there == said.end()) {
        ADD_FAILURE() << f.name << " is not in docs/protocol.md: " << at->second;
        continue;
      }
      EXPECT_FALSE(f.required && there->second)
          << f.name << " is required; docs/protocol.md says it may be left out: " << at->second;
      said.erase(there);
    }
    for (auto& [name, optional] : said)
      ADD_FAILURE() << "docs/protocol.md has a field that nobody reads: " << name;
  }
}

TEST(protocol_page, fields_are_told_apart_whatever_stands_around_them) {
  const described_fields want{{"a", false}, {"b", true}, {"c", false}, {"d", true}, {"e", false}};
  EXPECT_EQ(fields_in("a, b? (20, at most 200), c{x, y?}, d? [24 h], e: 1"), want);
  EXPECT_EQ(fields_in("text, file? | version"),
            (described_fields{{"text", false}, {"file", true}, {"version", false}}));
  EXPECT_EQ(params_in("    {a, b{c}} → {d}  |  {e} → {f}"), "a, b{c}, e");
}

}  // namespace
}  // namespace switchboard::gateway_testing
