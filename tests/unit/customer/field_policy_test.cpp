#include "actors/customer/field_policy.hpp"

#include <gtest/gtest.h>

#include "actors/customer/customer_machine.hpp"
#include "config/dispatch_loader.hpp"

namespace switchboard {
namespace {

using namespace customer_machine;

constexpr timestamp noon = from_unix_ms(1'700'000'000'000);
const participant agent{"agent", "a1", "An"};

config::dispatch_config load(const std::string& more) {
  auto loaded = config::parse_dispatch(
      "groups: [{id: g}]\nrules: [{name: all, steps: [{group: g}]}]\n" + more, "d.yaml");
  EXPECT_TRUE(loaded) << (loaded ? "" : to_string(loaded.error()));
  return loaded ? *loaded : config::dispatch_config{};
}

codec::packed_value fields(const std::map<std::string, std::string>& values) {
  codec::packer p;
  codec::pack_value(p, values, codec::audience::store);
  return {p.take()};
}

const char* const declared = R"(
agents: [{id: lin, groups: [g]}]
profile_fields:
  - {id: size, type: choice, values: [s, m, l]}
  - {id: born, type: date, from_member: birthday, edit: []}
  - {id: rank, type: integer, from_tag: "rank:", prefer: [tag, agent]}
  - {id: credit, type: number, edit: [supervisor]}
  - {id: phone, type: phone}
lead_stages:
  - {id: found, next: [called]}
  - {id: called, next: [sold, gone]}
  - {id: sold, ends: won}
  - {id: gone, ends: lost}
)";

struct field_policy_test : testing::Test {
  config::dispatch_config config = load(declared);
  field_policy policy{config, "agent"};
  customer_record r;

  std::string refused(const std::map<std::string, std::string>& values) {
    auto d = decide_update(r, agent, fields(values), {}, policy);
    return d ? "" : d.error().message;
  }
};

TEST_F(field_policy_test, a_value_of_the_wrong_type_names_the_field_and_what_was_expected) {
  EXPECT_EQ(refused({{"size", "xl"}}), "fields.size: expected one of s, m, l");
  EXPECT_EQ(refused({{"rank", "high"}}), "fields.rank: expected a whole number");
  EXPECT_EQ(refused({{"phone", "none"}}), "fields.phone: expected a telephone number");
  EXPECT_EQ(refused({{"born", "2026-02-30"}}), "fields.born: expected a date such as 2026-11-25");
  EXPECT_EQ(refused({{"size", "m"}}), "");
}

TEST_F(field_policy_test, an_unknown_field_is_refused_with_the_name_perhaps_meant) {
  EXPECT_EQ(refused({{"sise", "m"}}), "fields.sise: there is no such field; did you mean size?");
}

TEST_F(field_policy_test, who_may_not_edit_a_field_is_told_who_may) {
  EXPECT_EQ(refused({{"credit", "1.5"}}), "fields.credit: is changed by supervisor");
  EXPECT_EQ(refused({{"born", "2000-01-01"}}),
            "fields.born: comes from a center and is changed by nobody here");
  policy = field_policy(config, "supervisor");
  EXPECT_EQ(refused({{"credit", "1.5"}}), "");
}

TEST_F(field_policy_test, a_telephone_is_kept_in_its_one_form) {
  auto d = decide_update(r, agent, fields({{"phone", "+86 138-0000 0001"}}), {}, policy);
  ASSERT_TRUE(d);
  apply(r, d->events.at(0), noon);
  EXPECT_EQ(r.profile.phone.value, "13800000001");
}

TEST_F(field_policy_test, centers_fill_their_fields_and_what_they_prefer_wins) {
  trail_note note;
  note.entry.channel = "app";
  note.seen_as.id = "c1";
  note.member_id = "1";
  codec::packer attributes;
  field(attributes.map(1), "birthday", "1990-05-06");
  note.member_attributes.bytes = attributes.take();
  note.tags = {"vip", "rank:7"};
  note.start = true;
  apply(r, customer_event::profile_changed{"agent:a1", {{"rank", "3"}}}, noon);
  for (auto& e : decide_note(r, note, noon, {}, policy)) apply(r, e, noon);
  EXPECT_EQ(r.profile.extra.at("born"), (profile_value{"1990-05-06", "member", noon}));
  EXPECT_EQ(r.profile.extra.at("rank").value, "7") << "the tag center is believed more here";
}

TEST_F(field_policy_test, a_lead_goes_along_the_pipeline_and_not_past_it) {
  auto d = decide_lead_create(r, agent, fields({{"title", "Lamp"}}), "l1", noon, {}, policy);
  ASSERT_TRUE(d);
  apply(r, d->events.at(0), noon);
  EXPECT_EQ(r.leads[0].stage, "found");
  auto sold = decide_lead_update(r, "l1", fields({{"stage", "sold"}}), noon, {}, policy);
  EXPECT_EQ(sold.error().message, "fields.stage: after found comes one of called");
  EXPECT_TRUE(decide_lead_update(r, "l1", fields({{"stage", "called"}}), noon, {}, policy));
  auto nobody = decide_lead_update(r, "l1", fields({{"owner", "lim"}}), noon, {}, policy);
  EXPECT_EQ(nobody.error().message, "fields.owner: there is no such agent; did you mean lin?");
}

TEST_F(field_policy_test, an_open_lead_of_the_same_title_or_campaign_is_a_duplicate) {
  sales_lead open, over;
  open.id = "l1", open.title = "A  Lamp", open.stage = "found";
  over.id = "l2", over.title = "a lamp", over.stage = "gone";
  r.leads = {open, over};
  auto d = decide_lead_create(r, agent, fields({{"title", "a lamp"}}), "l3", noon, {}, policy);
  ASSERT_TRUE(d);
  EXPECT_NE(d->answer.find("duplicates"), std::string::npos);
  EXPECT_NE(d->answer.find("l1"), std::string::npos);
  EXPECT_EQ(d->answer.find("l2"), std::string::npos) << "that one is lost already";
}

TEST(profile_configuration, says_with_its_line_what_is_wrong) {
  auto wrong = [](const std::string& more) {
    auto loaded = config::parse_dispatch(
        "groups: [{id: g}]\nrules: [{name: all, steps: [{group: g}]}]\n" + more, "d.yaml");
    return loaded ? std::string{} : to_string(loaded.error());
  };
  EXPECT_NE(wrong("profile_fields: [{id: a, type: txt}]").find("d.yaml:3"), std::string::npos);
  EXPECT_NE(wrong("profile_fields: [{id: a, type: txt}]").find("did you mean"), std::string::npos);
  EXPECT_NE(wrong("profile_fields: [{id: a, type: choice}]").find("values"), std::string::npos);
  EXPECT_NE(wrong("lead_stages: [{id: a, next: [b]}]").find("lead stage"), std::string::npos);
  EXPECT_NE(wrong("profile_fields: [{id: size}]\nmining: [{name: x, when: 'true', reason: y, set: "
                  "{sise: m}}]")
                .find("did you mean \"size\""),
            std::string::npos);
  EXPECT_NE(wrong("mining: [{name: x, when: 'true', reason: y, tag: a, lead: {title: b}}]")
                .find("one of"),
            std::string::npos);
}

}  // namespace
}  // namespace switchboard
