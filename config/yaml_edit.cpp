#include "config/yaml_edit.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include <yaml-cpp/yaml.h>

namespace switchboard::config {
namespace {

using answer = tl::expected<std::string, std::string>;
tl::unexpected<std::string> cannot(std::string why) {
  return tl::unexpected(std::move(why));
}

std::vector<std::string> split(std::string_view path) {
  std::vector<std::string> out(1);
  for (const char c : path) {
    if (c == '.')
      out.emplace_back();
    else
      out.back() += c;
  }
  return out;
}

/// Ids may hold dots, so an element is looked for by as many words of the path as its id has.
struct step {
  YAML::Node found;
  std::size_t words = 1;
};
std::optional<step> element_of(const YAML::Node& list, const std::vector<std::string>& words,
                               std::size_t at) {
  for (const auto& e : list) {
    for (const char* key : {"id", "name"}) {
      if (!e.IsMap() || !e[key] || !e[key].IsScalar()) continue;
      std::string joined;
      for (std::size_t n = at; n < words.size(); ++n) {
        joined += (n == at ? "" : ".") + words[n];
        if (joined == e[key].Scalar()) return step{e, n - at + 1};
      }
    }
  }
  return std::nullopt;
}

/// Past the end of what begins at `pos`; nothing where it is written over several lines.
std::optional<std::size_t> end_of(std::string_view text, const YAML::Node& node) {
  auto at = static_cast<std::size_t>(node.Mark().pos);
  if (node.IsScalar() && text[at] != '"' && text[at] != '\'') {
    if (text.substr(at, node.Scalar().size()) != node.Scalar()) return std::nullopt;
    return at + node.Scalar().size();
  }
  if (!node.IsScalar() && node.Style() != YAML::EmitterStyle::Flow) return std::nullopt;
  int depth = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"' || c == '\'') {
      for (++at; at < text.size() && text[at] != c; ++at) {
        if (c == '"' && text[at] == '\\') ++at;
      }
    }
    if (c == '[' || c == '{') ++depth;
    if (c == ']' || c == '}') --depth;
    if (depth == 0) return at + 1;
  }
  return std::nullopt;
}

/// `max: 5` as one line: nested keys that are not there yet become flow maps.
std::string written(const std::vector<std::string>& keys, std::size_t from,
                    std::string_view value) {
  std::string out(value);
  for (auto i = keys.size(); i-- > from;)
    out = keys[i] + ": " + (i + 1 < keys.size() ? "{" + out + "}" : out);
  return out;
}

/// Before the first key, so that the keys' own layout says where and how far in.
std::string with_key(std::string_view text, const YAML::Node& map, const std::string& entry) {
  const auto mark = map.Mark();
  auto at = static_cast<std::size_t>(mark.pos);
  std::string out(text);
  if (map.Style() == YAML::EmitterStyle::Flow)
    return out.insert(at + 1, entry + (map.size() == 0 ? "" : ", "));
  return out.insert(at, entry + "\n" + std::string(static_cast<std::size_t>(mark.column), ' '));
}

answer set(std::string_view text, const std::vector<std::string>& words, std::string_view value) {
  // Assigning a node changes what it stands for, so the way is a list of nodes.
  std::vector<YAML::Node> way{YAML::Load(std::string(text))};
  for (std::size_t at = 0; at < words.size();) {
    const auto here = way.back();
    if (here.IsMap()) {
      const auto next = here[words[at]];
      if (!next) return with_key(text, here, written(words, at, value));
      way.push_back(next);
      ++at;
    } else if (here.IsSequence()) {
      const auto found = element_of(here, words, at);
      if (!found) return cannot("there is no \"" + words[at] + "\"");
      way.push_back(found->found);
      at += found->words;
    } else {
      return cannot("\"" + words[at] + "\" lies in a single value");
    }
  }
  const auto& target = way.back();
  const auto end = end_of(text, target);
  if (!end) return cannot("it is written over several lines; apply a whole file instead");
  const auto begin = static_cast<std::size_t>(target.Mark().pos);
  return std::string(text.substr(0, begin)).append(value).append(text.substr(*end));
}

/// Past the last line that says something, from `begin` up to `end`.
std::size_t last_said(std::string_view text, std::size_t begin, std::size_t end) {
  auto said = begin;
  for (auto at = begin; at < end;) {
    auto next = text.find('\n', at);
    next = next == std::string_view::npos ? text.size() : next + 1;
    const auto first = text.find_first_not_of(" \t\r\n", at);
    if (first < next && text[first] != '#') said = std::min(next, end);
    at = next;
  }
  return said;
}

/// Where the top-level value at `key` ends: where the next key begins, or the text.
std::size_t section_end(std::string_view text, const YAML::Node& root, const YAML::Node& section) {
  auto end = text.size();
  for (const auto& kv : root) {
    const auto at = static_cast<std::size_t>(kv.first.Mark().pos);
    if (at > static_cast<std::size_t>(section.Mark().pos)) end = std::min(end, at);
  }
  return end;
}

template <class Edit>
answer guarded(Edit&& edit) {
  try {
    return edit();
  } catch (const std::exception& e) {
    return cannot(e.what());
  }
}

bool is_one_line(std::string_view value) {
  return !value.empty() && value.find_first_of("\r\n") == std::string_view::npos;
}

}  // namespace

answer with_value(std::string_view text, std::string_view path, std::string_view value) {
  if (path.empty()) return cannot("expected a path like agents.lin.capacity");
  if (!is_one_line(value)) return cannot("expected a value on one line");
  return guarded([&] { return set(text, split(path), value); });
}

answer with_element(std::string_view text, std::string_view list, std::string_view element) {
  if (!is_one_line(element)) return cannot("expected an element on one line");
  return guarded([&]() -> answer {
    const auto root = YAML::Load(std::string(text));
    const auto section = root[std::string(list)];
    std::string out(text);
    if (!section || section.IsNull())
      return cannot("there is no list \"" + std::string(list) + "\"");
    if (!section.IsSequence()) return cannot("\"" + std::string(list) + "\" is no list");
    if (section.Style() == YAML::EmitterStyle::Flow) {
      const auto end = end_of(text, section);
      if (!end) return cannot("its end is not found");
      return out.insert(*end - 1, (section.size() == 0 ? "" : ", ") + std::string(element));
    }
    const auto mark = section.Mark();
    const auto at =
        last_said(text, static_cast<std::size_t>(mark.pos), section_end(text, root, section));
    const auto line = std::string(static_cast<std::size_t>(mark.column), ' ') + "- " +
                      std::string(element) + "\n";
    return out.insert(at, (at > 0 && text[at - 1] != '\n' ? "\n" : "") + line);
  });
}

answer without_element(std::string_view text, std::string_view list, std::string_view id) {
  return guarded([&]() -> answer {
    const auto root = YAML::Load(std::string(text));
    const auto section = root[std::string(list)];
    if (!section || !section.IsSequence())
      return cannot("there is no list \"" + std::string(list) + "\"");
    if (section.Style() == YAML::EmitterStyle::Flow)
      return cannot("it is written on one line; apply a whole file instead");
    auto line_of = [&](const YAML::Node& e) {
      const auto before = text.rfind('\n', static_cast<std::size_t>(e.Mark().pos));
      return before == std::string_view::npos ? 0 : before + 1;
    };
    for (std::size_t i = 0; i < section.size(); ++i) {
      const auto e = section[i];
      const auto key = e.IsMap() && e["id"] ? e["id"] : e.IsMap() ? e["name"] : YAML::Node();
      if (!key || !key.IsScalar() || key.Scalar() != id) continue;
      const auto begin = line_of(e);
      const auto limit =
          i + 1 < section.size() ? line_of(section[i + 1]) : section_end(text, root, section);
      std::string out(text);
      return out.erase(begin, last_said(text, begin, limit) - begin);
    }
    return cannot("there is no \"" + std::string(id) + "\"");
  });
}

}  // namespace switchboard::config
