#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

/// What people read, in their language. A sentence is written in English where it is said, and
/// looked up by that; `{}` stands for a value, `{2}` for the second one.
namespace switchboard::ctl {

enum class language { english, chinese };

/// By LC_ALL, LC_MESSAGES and LANG, the first of them that says anything.
language language_of_environment();
/// For the whole process, before anything is said. English until then.
void speak(language in);
language spoken();

struct phrase {
  std::string_view english, chinese;
};
/// Every sentence in both languages.
std::span<const phrase> phrases();

/// The sentence in the language spoken; what the phrases do not have stays as it is.
std::string tr(std::string_view english);
std::string tr(std::string_view english, std::initializer_list<std::string_view> values);
template <class... Value> std::string tr(std::string_view english, const Value&... values) {
  return tr(english, {std::string_view(values)...});
}

/// What the daemon says in English: looked up with its values, as "step 1: waits in vip" is by
/// "step {}: waits in {}". What is not known stays as it is.
std::string translated(std::string_view sentence);

}  // namespace switchboard::ctl
