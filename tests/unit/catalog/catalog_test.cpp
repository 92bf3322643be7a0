#include "actors/catalog/catalog.hpp"

#include <gtest/gtest.h>

#include "actors/catalog/catalog_projection.hpp"
#include "actors/catalog/customer_condition.hpp"
#include "tests/unit/read_model/session_writer.hpp"

namespace switchboard {
namespace {

/// {name: text or number or texts} as a caller writes it.
class object {
 public:
  object& text(const std::string& name, const std::string& value) {
    field(p_, name, value), ++n_;
    return *this;
  }
  object& number(const std::string& name, std::int64_t value) {
    field(p_, name, value), ++n_;
    return *this;
  }
  object& texts(const std::string& name, const std::vector<std::string>& values) {
    codec::pack_value(p_.str(name), values, codec::audience::store), ++n_;
    return *this;
  }
  operator codec::packed_value() const {
    codec::packer whole;
    whole.map(n_).raw(p_.view());
    return {whole.take()};
  }

 private:
  codec::packer p_;
  std::uint32_t n_ = 0;
};

struct catalog_test : testing::Test {
  catalog c;
  void put(const std::string& kind, const std::string& id, const codec::packed_value& fields) {
    auto change = decide_put(c, kind, id, fields, true, "agent:a1");
    ASSERT_TRUE(change) << change.error().message;
    apply(c, *change, from_unix_ms(0));
  }
  std::string refused(const std::string& kind, const std::string& id,
                      const codec::packed_value& fields) {
    auto change = decide_put(c, kind, id, fields, true, "agent:a1");
    return change ? std::string{} : change.error().field;
  }
  catalog_test() {
    put("sales_channel", "shop",
        object().text("name", "The shop").texts("channels", {"app"}).texts("entry_codes", {"qr1"}));
    put("sales_channel", "fair", object().texts("entry_codes", {"stand"}));
    put("campaign", "spring",
        object()
            .text("sales_channel", "fair")
            .number("from", 1000)
            .number("until", 2000)
            .texts("entry_codes", {"s26"}));
  }
};

attribution to(const std::string& sales_channel, const std::string& campaign = {}) {
  return {sales_channel, campaign};
}

TEST_F(catalog_test, every_session_counts_to_something) {
  auto during = from_unix_ms(1500), after = from_unix_ms(2000);
  EXPECT_EQ(attribute(c, "web", "s26", during), to("fair", "spring"));
  EXPECT_EQ(attribute(c, "web", "s26", after), to("web")) << "the campaign is over";
  EXPECT_EQ(attribute(c, "web", "stand", during), to("fair"));
  EXPECT_EQ(attribute(c, "app", "qr1", during), to("shop"));
  EXPECT_EQ(attribute(c, "app", "", during), to("shop"));
  EXPECT_EQ(attribute(c, "web", "", during), to("web")) << "a channel stands for itself";
}

TEST_F(catalog_test, a_code_leads_to_one_place_at_a_time) {
  EXPECT_EQ(refused("sales_channel", "other", object().texts("entry_codes", {"qr1"})),
            "entry_codes");
  EXPECT_EQ(refused("campaign", "summer",
                    object()
                        .text("sales_channel", "fair")
                        .number("from", 1900)
                        .texts("entry_codes", {"s26"})),
            "entry_codes");
  EXPECT_EQ(refused("campaign", "summer",
                    object()
                        .text("sales_channel", "fair")
                        .number("from", 2000)
                        .texts("entry_codes", {"s26"})),
            "");
}

TEST_F(catalog_test, what_is_wrong_is_named_by_its_field) {
  EXPECT_EQ(refused("campaign", "x", object().text("sales_channel", "nowhere")), "sales_channel");
  EXPECT_EQ(refused("campaign", "x",
                    object().text("sales_channel", "fair").number("from", 5).number("until", 5)),
            "until");
  EXPECT_EQ(refused("segment", "x", object().text("condition", "customer.nme == ''")), "condition");
  EXPECT_EQ(refused("segment", "x", object().text("condition", "customer.name")), "condition");
  EXPECT_EQ(refused("campaign", "spring", object()), "id");
  EXPECT_EQ(decide_put(c, "campaign", "none", object(), false, "x").error().code, errc::not_found);
  EXPECT_EQ(decide_remove(c, "sales_channel", "fair", "x").error().code, errc::failed_precondition);
  EXPECT_EQ(decide_remove(c, "segment", "none", "x").error().code, errc::not_found);
}

TEST_F(catalog_test, an_update_changes_what_it_names) {
  auto change = decide_put(c, "campaign", "spring", object().number("cost", 99), false, "x");
  ASSERT_TRUE(change);
  apply(c, *change, from_unix_ms(0));
  ASSERT_EQ(c.campaigns.size(), 1u);
  EXPECT_EQ(c.campaigns[0].cost, 99);
  EXPECT_EQ(c.campaigns[0].entry_codes.size(), 1u);
}

TEST_F(catalog_test, comes_back_from_the_journal_as_it_was) {
  memory_world w;
  catalog again;
  for (auto& [kind, id] : std::vector<std::pair<std::string, std::string>>{
           {"sales_channel", "shop"}, {"segment", "all"}}) {
    codec::packed_value fields = object().number("cost", 7);
    if (kind == "segment") fields = object().text("condition", "true");
    auto change = decide_put(again, kind, id, fields, true, "x");
    ASSERT_TRUE(change);
    store::record r;
    r.kind = store::entity_kind::catalog;
    r.key = "catalog";
    r.events = encode(*change, noon);
    apply(again, *change, noon);
    w.journal.append(r);
    w.journal.commit_all();
  }
  EXPECT_EQ(codec::pack(read_catalog(*w.state.view())), codec::pack(again));
}

TEST(customer_condition, sees_the_profile_the_tags_and_the_channels) {
  customer_record r;
  r.person = person_id{"m:1"};
  apply(r, customer_event::profile_changed{"x", {{"name", "Li"}, {"size", "m"}}}, noon);
  apply(r, customer_event::tagged{"x", {"vip"}, {}}, noon);
  apply(r, customer_event::identity_linked{{"app", "u1", "", false, noon}, "1"}, noon);
  auto is = [&](const char* text) {
    auto compiled = compile_customer_condition(text);
    EXPECT_TRUE(compiled) << (compiled ? "" : compiled.error());
    return compiled && holds(*compiled, r, noon + day);
  };
  EXPECT_TRUE(is("customer.name == 'Li' && 'vip' in customer.tags && 'app' in customer.channels"));
  EXPECT_TRUE(is("customer.fields.size == 'm' && customer.member_id == '1' && !customer.blocked"));
  EXPECT_TRUE(is("now - customer.since >= duration('24h')"));
  EXPECT_FALSE(is("customer.fields.shoe == 'm'")) << "a condition that errs does not hold";
  EXPECT_FALSE(is("customer.leads > 0"));
}

}  // namespace
}  // namespace switchboard
