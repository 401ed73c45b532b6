package org.dangjian.ui.signin

object SignInStrings {
    const val PEOPLE = "请选择是谁在用"
    const val PEOPLE_SENTENCE = "选好后就以这位同志的身份查看和操作。"
    const val OTHER = "用编号或手机号登录"
    const val SIGN_IN = "登录"
    const val WELCOME = "您好，请登录"
    const val WELCOME_SENTENCE = "以前在本机登录过的，没有网也能登录。"
    const val LOGIN = "党员编号或手机号"
    const val PASSWORD = "密码"
    const val FORGOTTEN = "忘了密码，请到所在支部当面领取一次性激活码。"
    const val ACTIVATE = "第一次使用，去激活"
    const val PEOPLE_BACK = "回到人员列表"
    const val ACTIVATION = "激活账号"
    const val ACTIVATION_SENTENCE = "激活码由所在支部当面告知，只能用一次。"
    const val CODE = "激活码"
    const val NEW_PASSWORD = "新密码"
    const val PASSWORD_RULE = "至少 8 位，不要用生日和手机号"
    const val AGAIN = "再输一次新密码"
    const val DIFFER = "两次输入的密码不一样"
    const val ACTIVATE_AND_SIGN_IN = "激活并登录"
    const val BUSY = "正在核对…"
    const val FIRST_SYNC = "正在取回您的内容"
    const val FIRST_SYNC_SENTENCE = "只有第一次需要等。取回后没有网也能看、能学、能操作。"
    const val STOPPED = "网络断了"
    const val STOPPED_SENTENCE = "已取回的都存在本机，有网后接着取，不会从头来。"
    const val RESUME = "接着取"

    fun rows(rows: Int) = "已取回 ${"%,d".format(rows)} 条"

    fun percent(percent: Int) = "$percent%"

    fun person(
        name: String,
        role: String?,
    ) = if (role == null) name else "$name · $role"

    fun problem(problem: SignInProblem): String =
        when (problem) {
            SignInProblem.Offline -> "现在没有网。第一次在本机登录需要联网。"
            SignInProblem.WrongPassword -> "编号或密码不对，请再核对一遍。"
            SignInProblem.WrongCode -> "激活码不对或已用过，可请支部重新开一个。"
            is SignInProblem.LockedOut -> "输错次数较多，请 ${problem.minutes} 分钟后再试。"
            SignInProblem.NotActivated -> "这个账号还没有激活，请先用激活码激活。"
            SignInProblem.WeakPassword -> "密码太简单，请换一个至少 8 位的。"
            SignInProblem.TooManyDevices -> "您已在多部手机上登录，请先请支部停用一部旧手机。"
            SignInProblem.DeviceRevoked -> "这部手机已被停用，本机内容已清除。有疑问请联系所在支部。"
            SignInProblem.StorageFull -> "手机空间不够，请先清出一些空间。"
            is SignInProblem.Other -> "平台暂时没有办成，请稍后再试（代码 ${problem.code}）。"
        }
}
