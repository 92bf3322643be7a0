#include "actors/reception/message_template.hpp"

#include <utility>

namespace switchboard {

namespace {

/// Where a clause ends. A weak one joins clauses, a strong one ends a sentence.
struct separator {
  std::string_view text;
  bool strong = false;
};

constexpr separator of_any_script[] = {{"，"},        {"、"},       {"；"},
                                       {"：", false}, {"—"},        {"。", true},
                                       {"！", true},  {"？", true}, {"\n", true}};
/// Followed by a space or the end only: "3.5" and "a:b" are no ends.
constexpr separator of_latin[] = {{","}, {";"}, {":"}, {".", true}, {"!", true}, {"?", true}};

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::string_view without_space_before(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  return text;
}

separator separator_at(std::string_view text) {
  for (auto& s : of_any_script) {
    if (text.starts_with(s.text)) return s;
  }
  for (auto& s : of_latin) {
    if (text.starts_with(s.text) && (text.size() == 1 || is_space(text[1]))) return s;
  }
  return {};
}

/// The variable that begins at text[0] == '{', braces and all; empty where the brace has no
/// partner.
std::string_view variable_at(std::string_view text) {
  auto close = text.find('}');
  return close == std::string_view::npos ? std::string_view{} : text.substr(0, close + 1);
}

const std::string* value_of(std::string_view variable, const template_values& values) {
  auto v = values.find(std::string(variable.substr(1, variable.size() - 2)));
  return v == values.end() || v->second.empty() ? nullptr : &v->second;
}

struct clause {
  std::string_view text;
  separator after;
  bool known = false, unknown = false;  // variables it has
};

std::vector<clause> clauses_of(std::string_view text, const template_values& values) {
  std::vector<clause> out;
  clause c;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size();) {
    auto rest = text.substr(i);
    if (auto variable = rest.front() == '{' ? variable_at(rest) : std::string_view{};
        !variable.empty()) {
      (value_of(variable, values) ? c.known : c.unknown) = true;
      i += variable.size();
      continue;
    }
    auto s = separator_at(rest);
    if (s.text.empty()) {
      ++i;
      continue;
    }
    c.text = text.substr(begin, i - begin);
    c.after = {text.substr(i, s.text.size()), s.strong};
    if (!out.empty() && without_space_before(c.text).empty()) {
      // "Dear Wang,\n", "Really?!": nothing lies between, so they are one.
      auto& before = out.back().after;
      auto from = static_cast<std::size_t>(before.text.data() - text.data());
      before = {text.substr(from, i + s.text.size() - from), before.strong || s.strong};
      c = {};
    } else {
      out.push_back(std::exchange(c, {}));
    }
    begin = i += s.text.size();
  }
  c.text = text.substr(begin);
  if (!without_space_before(c.text).empty() || out.empty()) out.push_back(c);
  return out;
}

std::string with_values(std::string_view text, const template_values& values) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    auto variable = text[i] == '{' ? variable_at(text.substr(i)) : std::string_view{};
    if (variable.empty()) {
      out += text[i++];
      continue;
    }
    if (auto* value = value_of(variable, values)) {
      out += *value;
    } else {
      while (!out.empty() && is_space(out.back())) out.pop_back();
    }
    i += variable.size();
  }
  return out;
}

/// Puts clauses together again where some are missing.
class sentence_builder {
 public:
  explicit sentence_builder(const template_values& values) : values_(values) {}

  void add(const clause& c) {
    const bool begins = text_.empty() || (between_.strong && !last_.strong);
    if (!text_.empty()) text_ += between_.text;
    auto raw = text_.empty() ? without_space_before(c.text) : c.text;
    auto said = with_values(raw, values_);
    if (begins && left_out_) capitalise(said, raw);
    text_ += said;
    between_ = last_ = c.after;
    left_out_ = false;
  }
  void leave_out(const clause& c) {
    if (c.after.strong && !between_.strong) between_ = c.after;
    last_ = c.after;
    left_out_ = true;
  }
  std::string take() {
    if (!text_.empty() && (between_.strong || !left_out_)) text_ += between_.text;
    return std::move(text_);
  }

 private:
  static void capitalise(std::string& said, std::string_view raw) {
    auto first = said.find_first_not_of(' ');
    if (first == std::string::npos || without_space_before(raw).front() == '{') return;
    if (said[first] >= 'a' && said[first] <= 'z')
      said[first] = static_cast<char>(said[first] - 'a' + 'A');
  }

  const template_values& values_;
  std::string text_;
  separator between_, last_;
  bool left_out_ = false;
};

}  // namespace

std::string filled(std::string_view text, const template_values& values, unknown_variable rest) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    auto variable = text[i] == '{' ? variable_at(text.substr(i)) : std::string_view{};
    if (variable.empty()) {
      out += text[i++];
      continue;
    }
    if (auto* value = value_of(variable, values))
      out += *value;
    else if (rest == unknown_variable::visible)
      out += variable;
    i += variable.size();
  }
  return out;
}

std::string spoken(std::string_view text, const template_values& values) {
  auto clauses = clauses_of(text, values);
  sentence_builder out(values);
  bool any = false;
  for (auto& c : clauses) {
    const bool needs_it = c.unknown && !c.known;
    any = any || (!needs_it && !without_space_before(c.text).empty());
    needs_it ? out.leave_out(c) : out.add(c);
  }
  if (any) return out.take();
  auto bare = with_values(without_space_before(text), values);
  for (auto& c : clauses) {
    // "Dear {customer.name}," has nobody to go on to.
    if (&c == &clauses.back() && !c.after.strong && bare.ends_with(c.after.text))
      bare.resize(bare.size() - c.after.text.size());
  }
  return bare;
}

std::vector<std::string> language_order(const std::string& language, const std::string& otherwise) {
  std::vector<std::string> out{language, language.substr(0, language.find('-'))};
  if (!otherwise.empty()) out.push_back(otherwise);
  out.push_back("en");
  return out;
}

std::string span_for_people(millis span, std::string_view language) {
  constexpr std::int64_t minute = 60'000, hour = 60 * minute;
  bool chinese = language.starts_with("zh");
  auto ms = span.count();
  if (ms < minute) return chinese ? "不到 1 分钟" : "less than a minute";
  auto minutes = (ms + minute / 2) / minute;
  if (ms < hour) {
    if (chinese) return "约 " + std::to_string(minutes) + " 分钟";
    return "about " + std::to_string(minutes) + (minutes == 1 ? " minute" : " minutes");
  }
  auto hours = (ms + hour / 2) / hour;
  if (chinese) return "约 " + std::to_string(hours) + " 小时";
  return "about " + std::to_string(hours) + (hours == 1 ? " hour" : " hours");
}

}  // namespace switchboard
