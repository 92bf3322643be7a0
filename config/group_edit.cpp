#include "config/group_edit.hpp"

#include <algorithm>
#include <utility>

#include "config/account_index.hpp"
#include "config/text_editor.hpp"

namespace switchboard::config {
namespace {

constexpr auto group_list = "groups";

const group_config* find(const dispatch_config& all, const std::string& id) {
  const auto at = std::ranges::find(all.groups, group_id{id}, &group_config::id);
  return at == all.groups.end() ? nullptr : &*at;
}

tl::unexpected<error> unknown(const std::string& id, const char* field) {
  return fail(errc::not_found, std::string(field) + ": there is no group \"" + id + "\"", field);
}

std::vector<refused_key> not_group_fields() {
  return {{"id", "is given beside the fields"}, {"formerly", "use group.merge"}};
}

bool names(const std::vector<group_id>& groups, const std::string& id) {
  return std::ranges::find(groups, group_id{id}) != groups.end();
}

/// The list with `into` at the place of `from`, once; an empty `into` only takes out.
std::vector<std::string> replaced(const std::vector<group_id>& groups, const std::string& from,
                                  const std::string& into) {
  std::vector<std::string> out;
  for (auto& g : groups) {
    const auto& name = g.value == from ? into : g.value;
    if (!name.empty() && std::ranges::find(out, name) == out.end()) out.push_back(name);
  }
  return out;
}

class group_renaming {
 public:
  group_renaming(std::string_view text, const dispatch_config& all, std::string from,
                 std::string into)
      : all_(all), from_(std::move(from)), into_(std::move(into)), edit_(text) {
    root_ = YAML::Load(std::string(text));
  }

  /// What was gathered, done; then the editor for the rest.
  text_editor& edit() {
    edit_.change(std::exchange(changes_, {}));
    return edit_;
  }

  void in_agents(const std::string& to) {
    // Who was made while running is not written here: they follow the group by its name.
    const auto written = written_logins(edit_.text());
    for (auto* some : {&all_.agents, &all_.disabled_agents}) {
      for (auto& a : *some) {
        if (written.contains(a.id.value)) in_list({"agents", a.id.value, "groups"}, a.groups, to);
      }
    }
  }

  void in_rules() {
    for (std::size_t i = 0; i < all_.rules.size(); ++i) {
      auto& steps = all_.rules[i].steps;
      for (std::size_t n = 0; n < steps.size(); ++n) {
        if (names(steps[n].groups, from_)) in_step(i, n);
      }
    }
  }

  void in_reception() {
    for (auto& c : all_.reception.canned_replies)
      in_list({"canned_replies", c.id, "groups"}, c.groups, into_);
    for (auto& w : all_.reception.word_lists)
      in_list({"word_lists", w.id, "groups"}, w.groups, into_);
  }

 private:
  void in_list(const text_editor::way& way, const std::vector<group_id>& groups,
               const std::string& to) {
    if (names(groups, from_)) changes_.push_back({way, list_text(replaced(groups, from_, to))});
  }

  void in_step(std::size_t rule, std::size_t number) {
    const auto& step = all_.rules[rule].steps[number];
    const text_editor::way way{"rules", all_.rules[rule].name, "steps", std::to_string(number)};
    auto below = [&](const char* key) {
      auto out = way;
      out.emplace_back(key);
      return out;
    };
    const auto written = root_["rules"][rule]["steps"][number];
    if (written["group"]) return changes_.push_back({below("group"), yaml_text(into_)});
    const auto left = replaced(step.groups, from_, into_);
    // One group is not balanced.
    if (left.size() < 2 && written["balance"]) changes_.push_back({below("balance"), std::nullopt});
    changes_.push_back({below("groups"), list_text(left)});
  }

  const dispatch_config& all_;
  std::string from_, into_;
  YAML::Node root_;
  std::vector<value_change> changes_;
  text_editor edit_;
};

/// What would lose its meaning with the group: rules that send there, and what is for it alone.
std::string dependents(const dispatch_config& all, const std::string& id) {
  std::vector<std::string> out;
  for (auto& r : all.rules) {
    if (std::ranges::any_of(r.steps, [&](auto& s) { return names(s.groups, id); }))
      out.push_back("rule \"" + r.name + "\"");
  }
  for (auto& c : all.reception.canned_replies) {
    if (c.groups.size() == 1 && names(c.groups, id)) out.push_back("canned reply \"" + c.id + "\"");
  }
  for (auto& w : all.reception.word_lists) {
    if (w.groups.size() == 1 && names(w.groups, id)) out.push_back("word list \"" + w.id + "\"");
  }
  constexpr std::size_t most = 5;
  std::string text;
  for (std::size_t i = 0; i < out.size() && i < most; ++i) text += (i == 0 ? "" : ", ") + out[i];
  if (out.size() > most) text += " and " + std::to_string(out.size() - most) + " more";
  return text;
}

}  // namespace

result<std::string> create_group(std::string_view text, const dispatch_config& all,
                                 const std::string& id, const std::string& fields) {
  if (auto ok = check_id(id, "id"); !ok) return tl::unexpected(ok.error());
  if (find(all, id)) return fail(errc::already_exists, "id: there is a group \"" + id + "\"", "id");
  auto read = read_fields(fields, not_group_fields());
  if (!read) return tl::unexpected(read.error());
  text_editor edit(text);
  edit.add(group_list, element_text(id, *read));
  return edit.take();
}

result<std::string> update_group(std::string_view text, const dispatch_config& all,
                                 const std::string& id, const std::string& fields) {
  if (!find(all, id)) return unknown(id, "id");
  auto read = read_fields(fields, not_group_fields());
  if (!read) return tl::unexpected(read.error());
  text_editor edit(text);
  edit.patch({group_list, id}, *read);
  return edit.take();
}

result<std::string> merge_groups(std::string_view text, const dispatch_config& all,
                                 const std::string& from, const std::string& into) {
  const auto *old = find(all, from), *target = find(all, into);
  if (!old) return unknown(from, "from");
  if (!target) return unknown(into, "into");
  if (old == target) return fail(errc::invalid_argument, "into: expected another group", "into");
  group_renaming r(text, all, from, into);
  r.in_agents(into);
  r.in_rules();
  r.in_reception();
  std::vector<std::string> formerly;
  for (auto& g : target->formerly) formerly.push_back(g.value);
  for (auto& g : old->formerly) formerly.push_back(g.value);
  formerly.push_back(from);
  r.edit().remove(group_list, from);
  r.edit().set({group_list, into, "formerly"}, list_text(formerly));
  return r.edit().take();
}

result<std::string> retire_group(std::string_view text, const dispatch_config& all,
                                 const std::string& id, const std::string& into) {
  const auto* old = find(all, id);
  if (!old) return unknown(id, "id");
  if (!into.empty() && !find(all, into)) return unknown(into, "into");
  if (id == into) return fail(errc::invalid_argument, "into: expected another group", "into");
  if (into.empty()) {
    if (auto named = dependents(all, id); !named.empty()) {
      return fail(errc::failed_precondition,
                  "id: " + named + " would have no group; give into, or change that first", "id");
    }
  }
  group_renaming r(text, all, id, into);
  r.in_agents({});
  r.in_rules();
  r.in_reception();
  r.edit().remove(group_list, id);
  return r.edit().take();
}

}  // namespace switchboard::config
