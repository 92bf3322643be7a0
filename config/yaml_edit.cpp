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

/// In double quotes, with the escapes YAML has from JSON.
std::string in_quotes(std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      out += "\\x";
      out += hex[byte >> 4];
      out += hex[byte & 15];
    } else {
      out += c;
    }
  }
  return out + '"';
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
  // What has no name of its own, like a rule's steps, is counted from 0.
  const auto& word = words[at];
  const bool counts = !word.empty() && word.size() < 6 &&
                      std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
  if (!counts || std::stoul(word) >= list.size()) return std::nullopt;
  const auto e = list[std::stoul(word)];
  if (e.IsMap() && (e["id"] || e["name"])) return std::nullopt;
  return step{e, 1};
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

/// A key as it can be written anywhere.
std::string key_text(const std::string& key) {
  const bool plain = !key.empty() && std::ranges::all_of(key, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '-' || c == '.';
  });
  return plain ? key : in_quotes(key);
}

/// `max: 5` as one line: nested keys that are not there yet become flow maps.
std::string written(const std::vector<std::string>& keys, std::size_t from,
                    std::string_view value) {
  std::string out(value);
  for (auto i = keys.size(); i-- > from;)
    out = key_text(keys[i]) + ": " + (i + 1 < keys.size() ? "{" + out + "}" : out);
  return out;
}

/// What takes the place of [begin, end).
struct splice {
  std::size_t begin = 0, end = 0;
  std::string text;
};
using splices = tl::expected<splice, std::string>;

/// Before the first key, so that the keys' own layout says where and how far in.
splice with_key(const YAML::Node& map, const std::string& entry) {
  const auto mark = map.Mark();
  const auto at = static_cast<std::size_t>(mark.pos);
  if (map.Style() == YAML::EmitterStyle::Flow)
    return {at + 1, at + 1, entry + (map.size() == 0 ? "" : ", ")};
  return {at, at, entry + "\n" + std::string(static_cast<std::size_t>(mark.column), ' ')};
}

std::size_t begin_of(const YAML::Node& node) {
  return static_cast<std::size_t>(node.Mark().pos);
}

std::size_t line_begin(std::string_view text, std::size_t at) {
  const auto before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  return before == std::string_view::npos ? 0 : before + 1;
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

/// Where `words` lead: the value, the map it is an entry of (if it is one) with its key, and where
/// what follows it begins.
struct place {
  YAML::Node value;
  std::optional<YAML::Node> map, key, next_key;
  std::size_t limit = 0;
  std::size_t missing = 0;  // the first word that is not written, if `map` has no such key
  bool found = true;
};

tl::expected<place, std::string> walk(std::string_view text, const YAML::Node& root,
                                      const std::vector<std::string>& words) {
  // Assigning a node changes what it stands for, so the way is a list of nodes.
  std::vector<YAML::Node> way{root};
  place out;
  out.limit = text.size();
  for (std::size_t at = 0; at < words.size();) {
    const auto here = way.back();
    if (here.IsMap()) {
      out.map.emplace(here);
      out.key.reset();
      out.next_key.reset();
      bool past = false;
      for (const auto& kv : here) {
        if (past && !out.next_key) out.next_key.emplace(kv.first);
        if (past || !kv.first.IsScalar() || kv.first.Scalar() != words[at]) continue;
        past = true;
        out.key.emplace(kv.first);
        way.push_back(kv.second);
      }
      if (!past) {
        out.missing = at;
        out.found = false;
        return out;
      }
      if (out.next_key && begin_of(*out.next_key) > begin_of(*out.key))
        out.limit = std::min(out.limit, line_begin(text, begin_of(*out.next_key)));
      ++at;
    } else if (here.IsSequence()) {
      const auto found = element_of(here, words, at);
      if (!found) return tl::unexpected("there is no \"" + words[at] + "\"");
      bool past = false;
      for (const auto& e : here) {
        if (past) {
          out.limit = std::min(out.limit, line_begin(text, begin_of(e)));
          break;
        }
        past = e.is(found->found);
      }
      out.map.reset();
      way.push_back(found->found);
      at += found->words;
    } else {
      return tl::unexpected("\"" + words[at] + "\" lies in a single value");
    }
  }
  out.value.reset(way.back());
  return out;
}

/// What is set off by commas goes with one of them.
splice without_item(std::string_view text, std::size_t begin, std::size_t end) {
  const auto after = text.find_first_not_of(" \r\n", end);
  if (after != std::string_view::npos && text[after] == ',')
    return {begin, std::min(text.find_first_not_of(' ', after + 1), text.size()), {}};
  const auto before =
      begin == 0 ? std::string_view::npos : text.find_last_not_of(" \r\n", begin - 1);
  if (before != std::string_view::npos && text[before] == ',') begin = before;
  return {begin, end, {}};
}

splices set(std::string_view text, const YAML::Node& root, const std::vector<std::string>& words,
            std::string_view value) {
  const auto at = walk(text, root, words);
  if (!at) return cannot(at.error());
  if (!at->found) return with_key(*at->map, written(words, at->missing, value));
  if (const auto end = at->value.IsNull() ? std::nullopt : end_of(text, at->value))
    return splice{begin_of(at->value), *end, std::string(value)};
  // Over several lines below its key. A whole section is not replaced so.
  const bool below_key =
      at->map && at->map->Style() != YAML::EmitterStyle::Flow && words.size() > 1;
  const auto key_end = below_key ? end_of(text, *at->key) : std::nullopt;
  if (!key_end) return cannot("it is written over several lines; apply a whole file instead");
  const auto colon = text.find(':', *key_end);
  const auto end = last_said(text, begin_of(*at->key), at->limit);
  if (colon == std::string_view::npos || colon > end) return cannot("its end is not found");
  return splice{colon, end, ": " + std::string(value) + "\n"};
}

splices unset(std::string_view text, const YAML::Node& root,
              const std::vector<std::string>& words) {
  const auto at = walk(text, root, words);
  if (!at) return cannot(at.error());
  if (!at->found) return splice{};
  if (!at->map || words.size() < 2) return cannot("it is no value of its own");
  const auto begin = begin_of(*at->key);
  if (at->map->Style() == YAML::EmitterStyle::Flow) {
    const auto end = end_of(text, at->value);
    if (!end) return cannot("its end is not found");
    return without_item(text, begin, *end);
  }
  const auto line = line_begin(text, begin);
  const bool leads =
      text.substr(line, begin - line).find_first_not_of(' ') != std::string_view::npos;
  if (!leads) return splice{line, last_said(text, begin, at->limit), {}};
  // The first key of an element stands behind its dash; the next takes its place.
  if (!at->next_key) return cannot("nothing else is written there");
  return splice{begin, begin_of(*at->next_key), {}};
}

/// All of them; they do not overlap.
std::string spliced(std::string_view text, std::vector<splice> all) {
  std::ranges::stable_sort(all, {}, &splice::begin);
  std::string out;
  std::size_t at = 0;
  for (auto& s : all) {
    out.append(text.substr(at, s.begin - std::min(at, s.begin))).append(s.text);
    at = std::max(at, s.end);
  }
  return out.append(text.substr(at));
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

template <class Edit> answer guarded(Edit&& edit) {
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

std::string yaml_text(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  // Plain where nobody could take it for anything but text.
  constexpr std::string_view taken[] = {"true", "false", "null", "yes", "no",
                                        "on",   "off",   "y",    "n"};
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  const bool plain = !text.empty() && letter(text.front()) &&
                     std::ranges::all_of(text,
                                         [&](char c) {
                                           return letter(c) || (c >= '0' && c <= '9') || c == '_' ||
                                                  c == '-' || c == '.';
                                         }) &&
                     std::ranges::find(taken, lower) == std::end(taken);
  return plain ? std::string(text) : in_quotes(text);
}

answer with_value(std::string_view text, std::string_view path, std::string_view value) {
  if (path.empty()) return cannot("expected a path like agents.lin.capacity");
  if (!is_one_line(value)) return cannot("expected a value on one line");
  return with_changes(text, {{split(path), std::string(value)}});
}

answer with_changes(std::string_view text, const std::vector<value_change>& changes) {
  return guarded([&]() -> answer {
    const auto root = YAML::Load(std::string(text));
    std::vector<splice> all;
    for (auto& c : changes) {
      if (c.way.empty() || (c.value && !is_one_line(*c.value)))
        return cannot("expected a value on one line");
      auto one = c.value ? set(text, root, c.way, *c.value) : unset(text, root, c.way);
      if (!one) return cannot(one.error());
      all.push_back(std::move(*one));
    }
    return spliced(text, std::move(all));
  });
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
    auto line_of = [&](const YAML::Node& e) { return line_begin(text, begin_of(e)); };
    for (std::size_t i = 0; i < section.size(); ++i) {
      const auto e = section[i];
      const auto key = e.IsMap() && e["id"] ? e["id"] : e.IsMap() ? e["name"] : YAML::Node();
      if (!key || !key.IsScalar() || key.Scalar() != id) continue;
      if (section.Style() == YAML::EmitterStyle::Flow) {
        const auto end = end_of(text, e);
        if (!end) return cannot("its end is not found");
        return spliced(text, {without_item(text, begin_of(e), *end)});
      }
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
