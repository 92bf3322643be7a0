#include "adapters/center/contact_form.hpp"

#include <gtest/gtest.h>

namespace switchboard::center {
namespace {

TEST(contact_form, a_telephone_number_is_its_digits) {
  EXPECT_EQ(phone_form("(977) 625-2661"), "9776252661");
  EXPECT_EQ(phone_form(" 138 0013 8000 "), "13800138000");
  EXPECT_EQ(phone_form("0571-8765 4321"), "057187654321");
}

TEST(contact_form, a_country_is_kept_except_that_of_chinese_mobiles) {
  EXPECT_EQ(phone_form("+44 20 7946 0958"), "+442079460958");
  EXPECT_EQ(phone_form("0044 20 7946 0958"), "+442079460958");
  EXPECT_EQ(phone_form("+86 138 0013 8000"), "13800138000");
  EXPECT_EQ(phone_form("0086-13800138000"), "13800138000");
  EXPECT_EQ(phone_form("+86 571 8765 4321"), "+8657187654321");
}

TEST(contact_form, what_is_no_telephone_number_is_empty) {
  for (auto text :
       {"", "12", "call me", "138 0013 800x", "1+2", "++44123", "123456789012345678901"}) {
    EXPECT_EQ(phone_form(text), "") << text;
  }
}

TEST(contact_form, an_e_mail_address_is_in_lower_case) {
  EXPECT_EQ(email_form(" Lin@Example.COM "), "lin@example.com");
}

TEST(contact_form, what_is_no_e_mail_address_is_empty) {
  for (auto text : {"", "lin", "@example.com", "lin@", "a@b@c", "a b@c.com"}) {
    EXPECT_EQ(email_form(text), "") << text;
  }
}

}  // namespace
}  // namespace switchboard::center
