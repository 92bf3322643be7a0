#include "actors/configuration/configuration_advice.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "actors/configuration/condition_implication.hpp"
#include "actors/router/step_staffing.hpp"

namespace switchboard {
namespace {

constexpr std::size_t most_advice = 200;

std::string quoted(const std::string& name) {
  return "\"" + name + "\"";
}

/// Gathers advice on one configuration. For one use.
class adviser {
 public:
  explicit adviser(const config::dispatch_config& all) : all_(all) {}

  config::config_errors run() {
    shadowed_rules();
    for (std::size_t i = 0; i < all_.rules.size(); ++i) {
      unserved_groups(all_.rules[i], i);
      returning_steps(all_.rules[i], i);
    }
    overflow_cycles();
    starvation();
    std::ranges::stable_sort(out_, {}, &config::config_error::line);
    if (out_.size() > most_advice) out_.resize(most_advice);
    return std::move(out_);
  }

 private:
  void advise(const config::mark& where, std::string key, std::string message) {
    out_.push_back({where.file, where.line, std::move(key), std::move(message)});
  }
  static std::string rule_key(std::size_t i) { return "rules[" + std::to_string(i) + "]"; }
  static std::string step_key(std::size_t i, std::size_t step) {
    return rule_key(i) + ".steps[" + std::to_string(step) + "]";
  }

  /// The compiler refuses a rule that an earlier one covers word for word; here what they mean is
  /// compared.
  void shadowed_rules() {
    std::vector<condition_form> forms;
    for (auto& r : all_.rules) forms.push_back(form_of(r.when));
    for (std::size_t i = 1; i + 1 < forms.size(); ++i) {
      std::set<std::size_t> by;
      const bool nothing_left = !forms[i].empty() && std::ranges::all_of(forms[i], [&](auto& mine) {
        for (std::size_t k = 0; k < i; ++k) {
          if (implies(mine, forms[k])) return by.insert(k), true;
        }
        return false;
      });
      if (!nothing_left) continue;
      std::string names;
      for (const auto k : by) names += (names.empty() ? "" : " and ") + quoted(all_.rules[k].name);
      advise(all_.rules[i].where, rule_key(i),
             "is shadowed: whoever it matches, " + names + " has matched before");
    }
  }

  void unserved_groups(const config::rule_config& rule, std::size_t i) {
    for (std::size_t s = 0; s < rule.steps.size(); ++s) {
      for (auto& g : rule.steps[s].groups) {
        if (staffing_.can_meet(g, rule.steps[s].require)) continue;
        advise(rule.steps[s].where, step_key(i, s),
               g.value +
                   " is never chosen in this step: " + staffing_.lacking(g, rule.steps[s].require));
      }
    }
  }

  /// a, then b, then a again: what waited in a for nothing waits there once more.
  void returning_steps(const config::rule_config& rule, std::size_t i) {
    std::map<group_id, std::size_t> left;
    for (std::size_t s = 0; s < rule.steps.size(); ++s) {
      for (auto& g : rule.steps[s].groups) {
        const auto before = left.find(g);
        const bool again = before != left.end() && before->second + 1 < s &&
                           rule.steps[before->second].require == rule.steps[s].require &&
                           !rule.steps[s].widen;
        if (again) {
          advise(rule.steps[s].where, step_key(i, s),
                 "leads back to " + g.value + ", which step " + std::to_string(before->second + 1) +
                     " left, and asks for no less than there");
        }
        left[g] = s;
      }
    }
  }

  /// Groups that send each other what they cannot serve: under load both queues fill with the
  /// other's customers.
  void overflow_cycles() {
    struct edge {
      const config::rule_config* rule;
      std::size_t index;
    };
    std::map<std::pair<group_id, group_id>, edge> edges;
    for (std::size_t i = 0; i < all_.rules.size(); ++i) {
      auto& steps = all_.rules[i].steps;
      for (std::size_t s = 0; s + 1 < steps.size(); ++s) {
        for (auto& from : steps[s].groups) {
          for (auto& to : steps[s + 1].groups) {
            if (from != to) edges.try_emplace({from, to}, edge{&all_.rules[i], i});
          }
        }
      }
    }
    for (auto& [way, there] : edges) {
      const auto back = edges.find({way.second, way.first});
      if (back == edges.end() || way.second < way.first || back->second.index == there.index) {
        continue;
      }
      advise(back->second.rule->where, rule_key(back->second.index),
             way.first.value + " and " + way.second.value + " overflow into each other: rule " +
                 quoted(there.rule->name) + " one way, rule " + quoted(back->second.rule->name) +
                 " the other");
    }
  }

  /// Under `strict` a higher priority always goes first: who waits for ever below it may never be
  /// reached.
  void starvation() {
    for (auto& group : all_.groups) {
      if (group.order != config::queue_order::strict) continue;
      int highest = 0;
      const config::rule_config* first = nullptr;
      for (auto& rule : all_.rules) {
        if (waits_in(rule, group.id) && (!first || rule.priority > highest))
          highest = rule.priority, first = &rule;
      }
      for (std::size_t i = 0; first && i < all_.rules.size(); ++i) {
        const auto& rule = all_.rules[i];
        const auto step = waits_for_ever_in(rule, group.id);
        if (!step || rule.priority >= highest) continue;
        advise(
            rule.steps[*step].where, step_key(i, *step),
            group.id.value + " is strict, and priority " + std::to_string(rule.priority) +
                " waits there for ever: while rule " + quoted(first->name) + " (priority " +
                std::to_string(highest) +
                ") keeps coming, it may starve; give the step a wait, or the group the order aged");
      }
    }
  }

  static bool names_group(const config::step_config& s, const group_id& g) {
    return std::ranges::find(s.groups, g) != s.groups.end();
  }
  static bool waits_in(const config::rule_config& rule, const group_id& g) {
    return std::ranges::any_of(rule.steps, [&](auto& s) { return names_group(s, g); });
  }
  static std::optional<std::size_t> waits_for_ever_in(const config::rule_config& rule,
                                                      const group_id& g) {
    for (std::size_t s = 0; s < rule.steps.size(); ++s) {
      if (rule.steps[s].wait > millis{0} || rule.steps[s].leave_message) continue;
      return names_group(rule.steps[s], g) ? std::optional(s) : std::nullopt;
    }
    return std::nullopt;
  }

  const config::dispatch_config& all_;
  step_staffing staffing_{all_.agents};
  config::config_errors out_;
};

}  // namespace

config::config_errors advice_on(const config::dispatch_config& all) {
  return adviser(all).run();
}

}  // namespace switchboard
