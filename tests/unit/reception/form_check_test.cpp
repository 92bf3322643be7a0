#include "actors/reception/form_check.hpp"

#include <functional>

#include <gtest/gtest.h>

#include "runtime/codec/pack.hpp"

namespace switchboard {
namespace {

using config::field_kind;

config::form_config refund() {
  config::form_config f;
  f.id = "refund";
  f.fields = {{"order_no", {}, field_kind::text, true, 12, 0, 0, {}},
              {"reason", {}, field_kind::choice, true, 100, 0, 0, {"broken", "不喜欢"}},
              {"pieces", {}, field_kind::integer, false, 0, 1, 9, {}},
              {"amount", {}, field_kind::number, false, 0, 0, 1000, {}},
              {"bought", {}, field_kind::date, false, 20, 0, 0, {}},
              {"phone", {}, field_kind::phone, false, 30, 0, 0, {}},
              {"email", {}, field_kind::email, false, 60, 0, 0, {}},
              {"invoice", {}, field_kind::flag, false, 0, 0, 0, {}}};
  return f;
}

/// What is wrong with the good values and one more; empty: nothing.
std::string wrong_with(const std::string& name, const std::function<void(codec::packer&)>& value,
                       bool whole = true) {
  codec::packer p;
  p.map(whole ? 3 : 1);
  if (whole) p.str("order_no").str("20261117").str("reason").str("不喜欢");
  value(p.str(name));
  auto bytes = p.take();
  auto handle = msgpack::unpack(bytes.data(), bytes.size());
  auto e = check_form(refund(), handle.get());
  return e ? e->message + " (" + e->rule + ")" : "";
}

auto text(const std::string& t) {
  return [t](codec::packer& p) { p.str(t); };
}

TEST(check_form, good_values_pass_and_what_is_left_empty_counts_as_absent) {
  EXPECT_EQ(wrong_with("pieces", [](auto& p) { p.integer(2); }), "");
  EXPECT_EQ(wrong_with("amount", [](auto& p) { p.real(12.5); }), "");
  EXPECT_EQ(wrong_with("bought", text("2026-02-28")), "");
  EXPECT_EQ(wrong_with("phone", text("+86 138-0000-0000")), "");
  EXPECT_EQ(wrong_with("phone", text("\u202d１３８ 0000·0000\u202c")), "")
      << "as it is copied from an address book";
  EXPECT_EQ(wrong_with("email", text("ann@example.com")), "");
  EXPECT_EQ(wrong_with("email", text("ａｎｎ＠example.com\u200b")), "");
  EXPECT_EQ(wrong_with("invoice", [](auto& p) { p.boolean(true); }), "");
  EXPECT_EQ(wrong_with("email", text("")), "");
  EXPECT_EQ(wrong_with("email", [](auto& p) { p.nil(); }), "");
}

TEST(check_form, what_is_wrong_names_the_field_and_its_rule) {
  EXPECT_EQ(wrong_with("pieces", [](auto& p) { p.integer(10); }),
            "body.values.pieces: expected a number from 1 to 9 (forms.refund.pieces)");
  EXPECT_EQ(wrong_with("pieces", [](auto& p) { p.real(1.5); }),
            "body.values.pieces: expected a whole number (forms.refund.pieces)");
  EXPECT_EQ(wrong_with("bought", text("2026-02-30")),
            "body.values.bought: expected a date such as 2026-03-01 (forms.refund.bought)");
  EXPECT_EQ(wrong_with("phone", text("12ab")),
            "body.values.phone: expected a telephone number (forms.refund.phone)");
  EXPECT_EQ(wrong_with("email", text("ann@home")),
            "body.values.email: expected an e-mail address (forms.refund.email)");
  EXPECT_EQ(wrong_with("invoice", text("yes")),
            "body.values.invoice: expected true or false (forms.refund.invoice)");
  EXPECT_EQ(wrong_with("reason", text("none"), false),
            "body.values.reason: is none of the choices (forms.refund.reason)");
  EXPECT_EQ(wrong_with("order_no", text("一二三四五六七八九十甲乙丙"), false),
            "body.values.order_no: longer than 12 characters (forms.refund.order_no)");
}

TEST(check_form, a_missing_field_and_an_unknown_one_are_named) {
  EXPECT_EQ(wrong_with("reason", text("broken"), false),
            "body.values.order_no: is required (forms.refund.order_no)");
  EXPECT_EQ(
      wrong_with("phne", text("13800000000")),
      "body.values.phne: the form has no such field; did you mean \"phone\"? (forms.refund.phne)");
}

}  // namespace
}  // namespace switchboard
