#include <algorithm>
#include <functional>

#include "config/dispatch_loader.hpp"
#include "config/dispatch_sections.hpp"
#include "config/named_files.hpp"
#include "config/reception_section.hpp"
#include "runtime/base/text.hpp"
#include "runtime/text/fold.hpp"

namespace switchboard::config {
namespace {

constexpr std::size_t most_words = 100'000, longest_word = 128, most_lists = 64;
constexpr name_entry<word_action> actions[] = {
    {"block", word_action::block}, {"mask", word_action::mask}, {"flag", word_action::flag}};
constexpr name_entry<word_direction> directions[] = {{"both", word_direction::both},
                                                     {"customer", word_direction::customer},
                                                     {"agent", word_direction::agent}};

/// What the filter would leave out without a word: empty where nothing is wrong.
std::string wrong_with(std::string_view word) {
  constexpr std::size_t longest_folded = 255;  // characters, as the filter has them
  if (!valid_utf8(word)) return "is not UTF-8";
  if (word.size() > longest_word)
    return "is longer than " + std::to_string(longest_word) + " bytes";
  const auto text = folded(word);
  if (text.empty()) return "holds nothing that shows";
  if (character_count(text) > longest_folded)
    return "is longer than 255 characters when written out";
  return {};
}

template <class Id>
void read_ids(const yaml_value& value, std::string_view what, const std::vector<std::string>& known,
              std::vector<Id>& out) {
  for (const auto& one : value.one_or_list(1000)) {
    if (std::string id; one.reference(id, what, known)) out.emplace_back(id);
  }
}

word_list read_list(const yaml_value& value, declared_ids& ids,
                    const std::vector<std::string>& groups,
                    const std::vector<std::string>& channels) {
  word_list out;
  out.where = value.where();
  yaml_map map(value);
  out.id = ids.read(map);
  if (auto v = map.need("action")) v->choice<word_action>(out.action, "action", actions);
  if (auto v = map.find("from")) v->choice<word_direction>(out.from, "direction", directions);
  if (auto v = map.find("groups")) read_ids(*v, "group", groups, out.groups);
  if (auto v = map.find("channels")) read_ids(*v, "channel", channels, out.channels);
  if (auto v = map.find("words")) {
    for (const auto& one : v->list(10'000)) {
      std::string word;
      if (!one.text(word, longest_word)) continue;
      if (word.empty()) {
        one.refuse("must not be empty");
      } else if (auto why = wrong_with(word); !why.empty()) {
        one.refuse(why);
      }
      out.words.push_back(std::move(word));
    }
  }
  if (auto v = map.find("file"); v && v->text(out.file, 1024)) out.file_where = v->where();
  if (out.words.empty() && out.file.empty()) value.refuse("a list needs \"words\" or a \"file\"");
  map.finish();
  return out;
}

std::string_view trimmed(std::string_view line) {
  constexpr std::string_view space = " \t\r";
  auto first = line.find_first_not_of(space);
  if (first == std::string_view::npos) return {};
  return line.substr(first, line.find_last_not_of(space) - first + 1);
}

/// One word a line. The reason carries the file's line.
void read_words(std::string_view text, word_list& list,
                const std::function<void(std::string)>& refuse) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  for (int number = 1; !text.empty(); ++number) {
    auto end = std::min(text.find('\n'), text.size());
    auto word = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty() || word.front() == '#') continue;
    auto at = list.file + ":" + std::to_string(number);
    if (auto why = wrong_with(word); !why.empty()) return refuse(at + " " + why);
    if (list.words.size() >= most_words)
      return refuse(at + ": more than " + std::to_string(most_words) + " words");
    list.words.emplace_back(word);
  }
  if (list.words.empty()) refuse("\"" + list.file + "\" holds no word");
}

}  // namespace

const word_list* list_like(const word_list& list, const reception_config& in) {
  const auto at = std::ranges::find_if(
      in.word_lists, [&](const word_list& l) { return l.id == list.id && l.file == list.file; });
  return at == in.word_lists.end() ? nullptr : &*at;
}

void read_word_lists(const yaml_value& section, dispatch_config& all) {
  declared_ids ids;
  auto groups = group_names(all);
  std::vector<std::string> channels;
  for (const auto& c : all.channels) channels.push_back(c.id.value);
  for (const auto& one : section.list(most_lists)) {
    all.reception.word_lists.push_back(read_list(one, ids, groups, channels));
  }
}

void read_word_files(const std::string& folder, reception_config& out, error_list& errors,
                     kept_words* kept) {
  std::vector<std::size_t> with_file;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < out.word_lists.size(); ++i) {
    if (out.word_lists[i].file.empty()) continue;
    with_file.push_back(i);
    names.push_back(out.word_lists[i].file);
  }
  auto files = read_named_files(folder, names);
  for (std::size_t n = 0; n < files.size(); ++n) {
    auto& list = out.word_lists[with_file[n]];
    const auto written = list.words;
    std::string unread;
    auto refuse = [&](std::string why) {
      if (kept) return void(unread = std::move(why));
      errors.add(list.file_where.line, "word_lists[" + std::to_string(with_file[n]) + "].file",
                 std::move(why));
    };
    if (files[n])
      read_words(*files[n], list, refuse);
    else
      refuse("\"" + list.file + "\" " + files[n].error());
    if (unread.empty()) continue;
    const auto* had = kept->before ? list_like(list, *kept->before) : nullptr;
    list.words = had ? had->words : written;
    kept->unread.push_back("word_lists[" + std::to_string(with_file[n]) + "].file: " + unread);
  }
}

}  // namespace switchboard::config
