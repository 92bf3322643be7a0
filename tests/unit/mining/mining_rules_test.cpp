#include "actors/mining/mining_rules.hpp"

#include <gtest/gtest.h>

#include "config/dispatch_loader.hpp"
#include "tests/unit/read_model/session_writer.hpp"

namespace switchboard {
namespace {

config::dispatch_config load(const std::string& mining) {
  auto loaded = config::parse_dispatch(
      "groups: [{id: g}]\nrules: [{name: all, steps: [{group: g}]}]\nmining:\n" + mining, "d.yaml");
  EXPECT_TRUE(loaded) << (loaded ? "" : to_string(loaded.error()));
  return loaded ? *loaded : config::dispatch_config{};
}

const char* const rules = R"yaml(
  - {name: wants a lamp, when: "said.exists(t, t.contains('lamp'))", reason: asked for a lamp, lead: {title: A lamp, value: "1200"}}
  - {name: was shown one, when: "'P7' in products", reason: was shown P7, tag: lamps}
  - {name: pleased, when: "session.rating >= 4 && session.outcome == 'closed'", reason: rated well, set: {mood: good}, automatic: true}
  - {name: errs, when: "customer.fields.none == ''", reason: never, tag: never}
)yaml";

struct mining_test : testing::Test {
  memory_world w;
  session_writer s{w.journal, numbered_session(1)};

  void message(const std::string& role, const std::string& type, const std::string& name,
               const std::string& value) {
    codec::packer body;
    field(body.map(1), name, value);
    s.write({event::message{0, {role, "x", ""}, type, {body.take()}, {}}}, noon);
  }
  std::vector<suggestion> mine() {
    w.journal.commit_all();
    auto facts = facts_of(*w.state.view(), s.state.id, noon);
    auto compiled = mining_rules::compile(load(rules));
    EXPECT_TRUE(compiled);
    return facts && compiled ? (*compiled)->suggest(*facts, noon) : std::vector<suggestion>{};
  }
  std::vector<std::string> found() {
    std::vector<std::string> names;
    for (auto& x : mine()) names.push_back(x.rule);
    return names;
  }
  mining_test() {
    s.open(noon);
    s.identify("m:1", noon);
    s.assign("lin", noon);
  }
};

TEST_F(mining_test, what_the_customer_said_makes_a_lead_with_its_reason) {
  message("agent", "text", "text", "a lamp?");
  EXPECT_TRUE(mine().empty()) << "an agent said it";
  message("customer", "text", "text", "I would like a lamp");
  auto all = mine();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].kind, "lead");
  EXPECT_EQ(all[0].reason, "asked for a lamp");
  EXPECT_EQ(all[0].fields.at("title"), "A lamp");
  EXPECT_EQ(all[0].fields.at("owner"), "lin");
  EXPECT_EQ(all[0].session, s.state.id);
  EXPECT_EQ(mine()[0].id, all[0].id) << "found again it is the same";
}

TEST_F(mining_test, products_shown_and_the_outcome_count) {
  message("agent", "product", "product_id", "P7");
  EXPECT_EQ(found(), std::vector<std::string>{"was shown one"});
  s.close(noon + hour);
  s.write({event::rated{5, ""}}, noon + hour);
  EXPECT_EQ(found(), (std::vector<std::string>{"was shown one", "pleased"}));
  EXPECT_TRUE(mine()[1].automatic);
}

TEST(mining_configuration, names_the_line_of_a_rule_that_does_not_compile) {
  auto compiled =
      mining_rules::compile(load("  - {name: a, when: 'true', reason: r, tag: t}\n"
                                 "  - {name: b, when: 'sessio.rating > 1', reason: r, tag: t}\n"
                                 "  - {name: c, when: 'session.rating', reason: r, tag: t}\n"));
  ASSERT_FALSE(compiled);
  auto text = to_string(compiled.error());
  EXPECT_NE(text.find("d.yaml:5: mining[1].when"), std::string::npos) << text;
  EXPECT_NE(text.find("did you mean 'session'"), std::string::npos) << text;
  EXPECT_NE(text.find("d.yaml:6: mining[2].when"), std::string::npos) << text;
}

}  // namespace
}  // namespace switchboard
