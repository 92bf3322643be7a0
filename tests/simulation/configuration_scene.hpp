#pragma once

#include "runtime/codec/pack.hpp"
#include "tests/simulation/stage.hpp"
#include "tools/simulation/wire_map.hpp"

/// What scenes have in common in which an administrator changes the configuration under a running
/// contact center.
namespace switchboard::simulation {

struct answer {
  std::optional<wire_map> ok;
  error why;
  std::int64_t number(const char* key) const { return ok ? ok->number(key) : -1; }
  std::vector<std::string> list(const char* key) const {
    std::vector<std::string> out;
    if (auto* o = ok ? ok->find(key) : nullptr) o->convert(out);
    return out;
  }
};

inline answer ask(stage& s, configuration_call m) {
  answer out;
  bool came = false;
  m.by = {"admin", "xu", ""};
  m.reply = {s.node.connect([&](const line::arrival& a) {
               came = true;
               if (a.what == line::arrival::kind::failure)
                 out.why = a.why;
               else
                 out.ok.emplace(a.packed);
             }),
             1};
  caf::anon_send(s.node.node_().directory().configuration, std::move(m));
  s.node.pass(millis{20});
  EXPECT_TRUE(came);
  return out;
}

inline answer reload(stage& s, const std::string& yaml, bool reevaluate = false, int expected = 0) {
  configuration_call m;
  m.method = configuration_method::apply;
  m.text = yaml;
  m.file = "new.yaml";
  m.reevaluate = reevaluate;
  m.expected = expected;
  return ask(s, std::move(m));
}

inline answer switch_group(stage& s, const std::string& group, bool closed) {
  configuration_call m;
  m.method = configuration_method::switch_group;
  m.group = group;
  m.closed = closed;
  m.comment = "fire drill";
  return ask(s, std::move(m));
}

inline configuration_call order(configuration_order what, const std::string& id,
                                const std::string& into = {}) {
  configuration_call m;
  m.method = configuration_method::order;
  m.order = what;
  m.id = id;
  m.into = into;
  return m;
}

inline std::string deployment(const std::string& agents, const std::string& rules,
                              const std::string& groups = "{id: a}, {id: b}") {
  return "groups: [" + groups + "]\nagents:\n" + agents + "channels: [{id: app}]\nrules:\n" + rules;
}
inline const std::string ann = "  - {id: ann, groups: [a], capacity: 2}\n";
inline const std::string bob = "  - {id: bob, groups: [b], capacity: 2}\n";
inline const std::string to_a = "  - {name: all, steps: [{group: a}]}\n";
inline const std::string to_b = "  - {name: all, steps: [{group: b}]}\n";

inline int version_of(stage& s, const simulated_customer& c) {
  return s.state(c).dispatch->plan.rules_version;
}
inline std::vector<group_id> places(stage& s, const simulated_customer& c) {
  return s.state(c).dispatch->groups;
}
inline std::vector<group_id> in(const char* g) {
  return {group_id{g}};
}

}  // namespace switchboard::simulation
